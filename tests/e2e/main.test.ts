import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { osless, temporaryFolder } from './cli.ts';
import { makeRoot } from './make.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

describe('osless from outside', () => {
  it('prints its version and help to standard output and nothing else', (context) => {
    const cwd = temporaryFolder(context);
    for (const flag of ['--version', '-V']) {
      assert.deepEqual(osless([flag], { cwd }), { code: 0, stdout: `osless ${version}\n`, stderr: '' });
    }
    for (const args of [['--help'], ['-h'], ['help']]) {
      const { code, stdout, stderr } = osless(args, { cwd });
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^Usage: osless COMMAND/);
    }
    assert.deepEqual(readdirSync(cwd), []);
  });

  it('prints the help to standard error, with code 2, when no command is given', () => {
    const { code, stdout, stderr } = osless([]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /^Usage: osless COMMAND/);
  });

  it('says in one line what is wrong with a command line, with code 2', () => {
    const cases: [string[], string][] = [
      [['imags'], "osless: unknown command 'imags'; did you mean images?\n"],
      [['frobnicate'], "osless: unknown command 'frobnicate'; see osless --help\n"],
      [['images', '--jsn'], 'osless images: unknown flag --jsn; did you mean --json?\n'],
      [['images', 'a', 'b'], "osless images: 'b' is one argument too many\n"],
      [['tag', 'a'], 'osless tag: TARGET is missing\n'],
      [['pack'], 'osless pack: PROGRAM is missing\n'],
      [
        ['pack', '--keep', 'all', 'curl'],
        "osless pack: --keep cannot be 'all'; it is one of needed, likely, possible\n",
      ],
      [['--quiet'], 'osless: --quiet needs a command; see osless --help\n'],
    ];
    for (const [args, line] of cases) assert.deepEqual(osless(args), { code: 2, stdout: '', stderr: line });
  });

  it('says where the system refuses it something, and takes that for no bug of its own', (context) => {
    const cwd = temporaryFolder(context);
    mkdirSync(join(cwd, 'root'));
    makeRoot(join(cwd, 'root'));
    assert.equal(osless(['--store', 'store', 'pack', '--from', 'rootfs:root', 'hello'], { cwd }).code, 0);
    mkdirSync(join(cwd, 'store/osless'), { recursive: true });
    // Nobody makes directories there, not even root.
    symlinkSync('/sys/kernel', join(cwd, 'store/osless/roots'));
    const { code, stdout, stderr } = osless(['--store', 'store', 'run', 'hello'], { cwd });
    assert.deepEqual([code, stdout], [125, '']);
    assert.match(stderr, /^osless: cannot use \S+\/osless\/roots\S*: .+\n.+\n$/);
  });

  it('has help for every command, on standard output', () => {
    const names = [...osless(['--help']).stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name = '']) => name);
    assert.ok(names.length >= 9);
    for (const name of names) {
      const { code, stdout, stderr } = osless([name, '--help']);
      assert.deepEqual([code, stderr], [0, '']);
      assert.ok(stdout.startsWith(`Usage: osless ${name} `));
    }
  });

  it('completes for three shells', () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, stdout } = osless(['completion', shell]);
      assert.equal(code, 0);
      assert.match(stdout, /pack/);
    }
    assert.equal(osless(['completion', 'tcsh']).code, 2);
  });
});

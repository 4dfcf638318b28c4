import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { memoryStore } from '../../src/content/index.ts';
import { saveImage } from '../../src/image/index.ts';
import type { ExplainAllSummary, ExplainSummary } from '../../src/jobs/explain/index.ts';
import { elf } from '../make/elf.ts';
import { type MadeConfig, type MadeLayer, makeImage } from '../make/image.ts';
import { executable, glibcFiles, glibcProgram, muslFiles, staticProgram } from '../make/scene.ts';
import { osless, startOsless, temporaryFolder } from './cli.ts';
import { makeRoot } from './make.ts';

const amd64 = ['--platform', 'linux/amd64'];
const loader = '/lib64/ld-linux-x86-64.so.2';
const folders: MadeLayer = { '/bin/': '', '/lib64/': '', '/lib/': '', '/usr/lib/x86_64-linux-gnu/': '', '/etc/': '' };

/** An archive of an image whose Entrypoint is `/app`, in a folder that is gone when the test ends. */
async function archive(context: TestContext, files: MadeLayer, config: MadeConfig = {}): Promise<string> {
  const file = join(temporaryFolder(context), 'image.tar');
  const image = await makeImage([{ ...folders, ...files }], { entrypoint: ['/app'], ...config });
  await saveImage(image, `docker-archive:${file}:test:1`, { store: memoryStore() });
  return file;
}

/** The files of scene.ts as entries of a layer. */
const layerOf = (files: Readonly<Record<string, unknown>>): MadeLayer =>
  Object.fromEntries(
    Object.entries(files).map(([path, file]) => [
      path,
      typeof file === 'object' && file !== null && 'linkTarget' in file ? { type: 'symlink', ...file } : file,
    ]),
  ) as MadeLayer;

const missingLoader: MadeLayer = { '/app': glibcProgram() as MadeLayer[string] };
const goodGlibc = (parts = {}): MadeLayer => layerOf({ ...glibcFiles(), '/app': glibcProgram(parts) });

const images: readonly {
  readonly title: string;
  readonly files: MadeLayer;
  readonly config?: MadeConfig;
  readonly line: RegExp;
  readonly cause: string | null;
  readonly missing?: readonly string[];
}[] = [
  { title: 'a static image', files: layerOf({ '/app': staticProgram() }), line: /^✓ \S+ starts$/, cause: null },
  { title: 'a glibc image', files: goodGlibc(), line: /^✓ \S+ starts$/, cause: null },
  {
    title: 'the same with its loader removed',
    files: missingLoader,
    line: /^✗ \S+ does not start: .*\/lib64\/ld-linux-x86-64\.so\.2.* \(loader-missing\)$/,
    cause: 'loader-missing',
    missing: [loader],
  },
  {
    title: 'a glibc program on a musl base',
    files: layerOf({ ...muslFiles, '/app': glibcProgram() }),
    line: /^✗ \S+ does not start: .* \(libc-mismatch\)$/,
    cause: 'libc-mismatch',
    missing: [loader],
  },
  {
    title: 'an arm64 program in an amd64 image',
    files: layerOf({ '/app': executable(elf({ architecture: 'arm64' })) }),
    line: /^✗ \S+ does not start: .*aarch64.* \(wrong-architecture\)$/,
    cause: 'wrong-architecture',
  },
  {
    title: 'a script with the line ends of Windows',
    files: layerOf({ '/bin/sh': staticProgram(), '/app': executable('#!/bin/sh\r\necho hello\r\n') }),
    line: /^✗ \S+ does not start: .* \(interpreter-crlf\)$/,
    cause: 'interpreter-crlf',
    missing: ['/bin/sh\r'],
  },
  {
    title: 'a missing symbol version',
    files: goodGlibc({ versionsNeeded: [{ file: 'libc.so.6', versions: ['GLIBC_2.99'] }] }),
    line: /^✗ \S+ does not start: .*GLIBC_2\.99.* \(version-missing\)$/,
    cause: 'version-missing',
    missing: ['GLIBC_2.99'],
  },
  {
    title: 'a user without permission',
    files: { '/app': { ...(staticProgram() as object), mode: 0o700 } },
    config: { user: '1000' },
    line: /^✗ \S+ does not start: .*1000.*\/app.* \(entrypoint-permission\)$/,
    cause: 'entrypoint-permission',
    missing: ['/app'],
  },
];

describe('osless explain', () => {
  for (const { title, files, config = {}, line, cause, missing = [] } of images) {
    it(`tells of ${title} in the first line, by the exit code and as JSON`, async (context) => {
      const file = await archive(context, files, config);
      const { code, stdout, stderr } = osless(['explain', file, ...amd64]);
      assert.match(stdout.split('\n')[0] ?? '', line);
      assert.deepEqual([code, stderr], [cause === null ? 0 : 1, '']);
      const told = osless(['explain', '--json', ...amd64, `docker-archive:${file}`]);
      const summary = JSON.parse(told.stdout) as ExplainSummary;
      assert.equal(summary.schema, 'osless.explain/1');
      assert.equal(summary.entrypoint.starts, cause === null ? 'yes' : 'no');
      assert.deepEqual([summary.entrypoint.cause, summary.entrypoint.missing], [cause, missing]);
      assert.equal(told.code, code);
    });
  }

  it('reads an archive from standard input, and leaves nothing behind', async (context) => {
    const input = readFileSync(await archive(context, missingLoader));
    const cwd = temporaryFolder(context);
    const { code, stdout } = osless(['--store', join(cwd, 'store'), 'explain', '-'], { input, cwd });
    assert.equal(code, 1);
    assert.match(stdout, /^✗ - does not start: .*\(loader-missing\)\n/);
    assert.deepEqual(readdirSync(cwd), []);
  });

  it('judges a program of this machine where it lies, and among the files of an image', async (context) => {
    const cwd = temporaryFolder(context);
    const base = await archive(context, layerOf(muslFiles));
    writeFileSync(join(cwd, 'static'), elf());
    writeFileSync(join(cwd, 'dynamic'), elf({ interpreter: loader, needs: ['libc.so.6'] }));
    chmodSync(join(cwd, 'static'), 0o755);
    chmodSync(join(cwd, 'dynamic'), 0o755);
    assert.match(osless(['explain', './static', ...amd64], { cwd }).stdout, /^✓ \.\/static starts\n/);
    assert.equal(osless(['explain', 'static', '--in', base, ...amd64], { cwd }).code, 0);
    const { code, stdout } = osless(['explain', './dynamic', '--in', base, ...amd64], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /^✗ \.\/dynamic in \S+ does not start: .*\(libc-mismatch\)\n/);
  });

  it('takes what docker run would be told', async (context) => {
    const file = await archive(
      context,
      { ...missingLoader, ...layerOf({ '/bin/good': staticProgram() }) },
      { cmd: ['-x'] },
    );
    const argv = (...flags: string[]) => {
      const { stdout } = osless(['explain', file, '--json', ...amd64, ...flags]);
      return (JSON.parse(stdout) as ExplainSummary).entrypoint.argv;
    };
    assert.deepEqual(argv(), ['/app', '-x']);
    assert.deepEqual(argv('--entrypoint', 'good'), ['good']);
    assert.deepEqual(argv('--entrypoint', '["good","-y"]', '--cmd', "-z 'a b'"), ['good', '-y', '-z', 'a b']);
    assert.deepEqual(argv('--', '--flag', 'b'), ['/app', '--flag', 'b']);
    assert.equal(osless(['explain', file, ...amd64, '--entrypoint', 'good']).code, 0);
    assert.match(osless(['explain', file, ...amd64, '-u', 'nobody']).stdout, /\(user-not-found\)\n/);
    assert.match(osless(['explain', file, ...amd64, '-w', 'srv']).stdout, /\(workdir-invalid\)\n/);
    assert.match(
      osless(['explain', file, ...amd64, '--entrypoint', 'good', '-e', 'PATH=/srv']).stdout,
      /entrypoint-not-in-path/,
    );
  });

  it('asks a directory for a command, and warns when none is given', (context) => {
    const cwd = temporaryFolder(context);
    mkdirSync(join(cwd, 'root'));
    makeRoot(join(cwd, 'root'));
    const { code, stdout, stderr } = osless(['explain', 'rootfs:root', ...amd64], { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /^\? rootfs:root: cannot tell whether it starts/);
    assert.match(stderr, /^warning: /);
    assert.equal(osless(['explain', 'rootfs:root', ...amd64, '--entrypoint', 'hello'], { cwd }).code, 0);
    assert.equal(osless(['explain', 'rootfs:root', ...amd64, '--entrypoint', 'hallo'], { cwd }).code, 1);
  });

  it('judges each image of an index for its own machine', async (context) => {
    const cwd = temporaryFolder(context);
    for (const architecture of ['amd64', 'arm64']) {
      const layer = layerOf({ '/app': executable(elf({ architecture: 'arm64' })) });
      const image = await makeImage([layer], { entrypoint: ['/app'], platform: { os: 'linux', architecture } });
      await saveImage(image, `oci:${join(cwd, 'layout')}:app-${architecture}`, { store: memoryStore() });
    }
    const index = join(cwd, 'layout/index.json');
    writeFileSync(index, readFileSync(index, 'utf8').replaceAll(/app-a..64/g, 'app'));
    const { code, stdout } = osless(['explain', 'oci:layout:app', '--all-platforms', '--json'], { cwd });
    const { images: told } = JSON.parse(stdout) as ExplainAllSummary;
    assert.equal(code, 1);
    assert.deepEqual(told.map(({ platform, machine, entrypoint }) => [platform, machine, entrypoint.starts]).sort(), [
      ['linux/amd64', 'amd64', 'no'],
      ['linux/arm64', 'arm64', 'yes'],
    ]);
  });

  it('calls layers that cannot be unpacked a verdict, and a broken archive a fault', async (context) => {
    const broken = await archive(context, { '/a': { type: 'hardlink', linkTarget: 'b' } });
    const verdict = osless(['explain', broken]);
    assert.equal(verdict.code, 1);
    assert.match(verdict.stdout, /^✗ \S+ does not start: .*\(image-broken\)\n/);
    const cut = await archive(context, missingLoader);
    truncateSync(cut, 700);
    const fault = osless(['explain', cut]);
    assert.deepEqual([fault.code, fault.stdout], [3, '']);
    assert.match(fault.stderr, /^osless: .+\n.+\n$/);
  });

  it('says in one line what is wrong with a command line, with code 2', () => {
    const cases: [string[], RegExp][] = [
      [['explain'], /PLACE\|PROGRAM is missing/],
      [['explain', 'a', '--jsn'], /did you mean --json/],
      [['explain', 'a', '--format', 'yaml'], /--format cannot be 'yaml'/],
      [['explain', 'a', '--json', '--format', 'sarif'], /exclude each other/],
      [['explain', 'a', '--platform', 'arm64', '--all-platforms'], /exclude each other/],
      [['explain', 'a', 'b', '--cmd', 'c'], /exclude each other/],
    ];
    for (const [args, line] of cases) {
      const { code, stdout, stderr } = osless(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, line);
    }
  });

  it('lists its rules, as text and as JSON', () => {
    const { code, stdout } = osless(['explain', '--rules']);
    assert.equal(code, 0);
    assert.match(stdout, /^loader-missing +blocks +\S.*\.$/m);
    const { rules } = JSON.parse(osless(['explain', '--rules', '--json']).stdout) as { rules: { code: string }[] };
    assert.equal(rules.length, stdout.trimEnd().split('\n').length);
  });

  it('writes what code scanners, workflows and pull requests read, at the line of the Dockerfile', async (context) => {
    const file = await archive(context, missingLoader);
    const cwd = temporaryFolder(context);
    writeFileSync(join(cwd, 'Dockerfile'), 'FROM scratch\nCOPY app \\\n  /app\nENTRYPOINT ["/app"]\n');
    const shown = (format: string) =>
      osless(['explain', file, ...amd64, '--format', format, '--dockerfile', 'Dockerfile'], { cwd }).stdout;
    assert.match(shown('github'), /^::error file=Dockerfile,line=2,title=[^:,]+::.*loader-missing/);
    assert.match(shown('markdown'), /^### .*loader-missing/);
    const [run] = (JSON.parse(shown('sarif')) as { runs: [Record<string, unknown>] }).runs;
    const [result] = run['results'] as [{ ruleId: string; locations: [{ physicalLocation: unknown }] }];
    assert.equal(result.ruleId, 'loader-missing');
    assert.deepEqual(result.locations[0].physicalLocation, {
      artifactLocation: { uri: 'Dockerfile' },
      region: { startLine: 2 },
    });
  });

  it('shows nothing beyond ASCII where the locale has another character set', async (context) => {
    const file = await archive(context, { [`/app\u001b[31m`]: '' }, { entrypoint: ['/app\u001b[31m'] });
    const { stdout } = osless(['explain', file, ...amd64], { env: { LC_ALL: 'C' } });
    assert.match(stdout, /^x \S+ does not start: /);
    assert.match(stdout, /^[\n -~]*$/);
  });

  it('ends within a second after Ctrl-C', async (context) => {
    const file = await archive(context, { '/data': Buffer.alloc(8 * 1024 * 1024, 1) });
    const child = startOsless(['explain', '-']);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // More than a pipe holds, so it is being read; what is missing of the archive never comes.
    await new Promise((resolve) => child.stdin.write(readFileSync(file).subarray(0, -1024 * 1024), resolve));
    const start = performance.now();
    child.kill('SIGINT');
    assert.equal(await ended, 130);
    assert.ok(performance.now() - start < 1500);
  });
});

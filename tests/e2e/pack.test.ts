import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { PackSummary } from '../../src/jobs/pack/index.ts';
import { elf } from '../make/elf.ts';
import { osless, temporaryFolder } from './cli.ts';
import { makeRoot } from './make.ts';

const summaryOf = ({ stdout }: { readonly stdout: string }): PackSummary => JSON.parse(stdout) as PackSummary;
const isRoot = process.getuid?.() === 0;

describe('pack from outside', () => {
  it('puts a program and what it needs into the local store, and makes nothing else', (context) => {
    const cwd = temporaryFolder(context);
    mkdirSync(join(cwd, 'root'));
    makeRoot(join(cwd, 'root'));
    const { code, stdout, stderr } = osless(['--store', 'store', 'pack', '--from', 'rootfs:root', 'hello'], { cwd });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^\/usr\/bin\/hello → hello \(linux\/amd64\)\n/);
    assert.match(stdout, /^next: osless run hello$/m);
    assert.deepEqual(readdirSync(cwd).sort(), ['root', 'store']);
    assert.match(osless(['--store', 'store', 'images'], { cwd }).stdout, /^hello +latest/m);
  });

  it('writes nothing for --dry-run and --why', (context) => {
    const cwd = temporaryFolder(context);
    mkdirSync(join(cwd, 'root'));
    makeRoot(join(cwd, 'root'));
    const dry = osless(['--store', 'store', 'pack', '--from', 'rootfs:root', 'hello', '--dry-run', '--json'], { cwd });
    assert.equal(dry.code, 0);
    assert.match(summaryOf(dry).image.digest ?? '', /^sha256:/);
    const why = osless(['--store', 'store', 'pack', '--from', 'rootfs:root', 'hello', '--why'], { cwd });
    assert.match(why.stdout, /^\/usr\/bin\/hello .*\(program: /m);
    assert.deepEqual(readdirSync(cwd), ['root']);
    const one = osless(['pack', '--from', 'rootfs:root', 'hello', '--why', '/usr/bin/hello'], { cwd });
    assert.match(one.stdout, /^\/usr\/bin\/hello {2}\(program: /);
    assert.equal(osless(['pack', '--from', 'rootfs:root', 'hello', '--why=/nothing'], { cwd }).code, 3);
  });

  it('gives the same digest from another directory, at another time, by another user, made in another order', (context) => {
    const cwd = temporaryFolder(context);
    const trees = ['one', 'two'].map((name) => join(cwd, name));
    for (const [index, tree] of trees.entries()) {
      mkdirSync(tree);
      const extra = { '/opt/a/1': 'one', '/opt/a/2': 'two', '/opt/b': 'b' };
      makeRoot(tree, index === 0 ? extra : Object.fromEntries(Object.entries(extra).reverse()));
      utimesSync(join(tree, 'usr/bin/hello'), 1000 + index, 5_000_000 * (index + 1));
      if (isRoot && index === 1) chownSync(join(tree, 'usr/bin/hello'), 12_345, 54_321);
    }
    const digests = trees.map((tree, index) => {
      const args = ['pack', '--from', `rootfs:${tree}`, 'hello', '--include', '/opt', '--json', '--dry-run'];
      const env = { TZ: index === 0 ? 'UTC' : 'Asia/Tokyo', LANG: index === 0 ? 'C' : 'de_DE.UTF-8', HOME: tree };
      return summaryOf(osless(args, { cwd: tree, env })).image.digest;
    });
    assert.match(digests[0] ?? '', /^sha256:/);
    assert.equal(digests[0], digests[1]);
  });

  it('gives the same digest to one program built in two home directories', (context) => {
    const cwd = temporaryFolder(context);
    const summaries = ['alice', 'bob'].map((name) => {
      mkdirSync(join(cwd, name));
      writeFileSync(join(cwd, name, 'server'), elf({ prints: 'hello\n' }), { mode: 0o755 });
      chmodSync(join(cwd, name, 'server'), 0o755);
      return summaryOf(osless(['pack', './server', '--json', '--dry-run'], { cwd: join(cwd, name) }));
    });
    assert.equal(summaries[0]?.program, '/server');
    assert.match(summaries[0]?.image.digest ?? '', /^sha256:/);
    assert.equal(summaries[0]?.image.digest, summaries[1]?.image.digest);
  });

  it('takes times from SOURCE_DATE_EPOCH', (context) => {
    const cwd = temporaryFolder(context);
    makeRoot(cwd);
    const env = { SOURCE_DATE_EPOCH: '1700000000', OSLESS_STORE: join(cwd, 'store') };
    assert.equal(osless(['pack', '--from', 'rootfs:.', 'hello'], { cwd, env }).code, 0);
    assert.match(osless(['images', '--json'], { cwd, env }).stdout, /"created": "2023-11-14T22:13:20Z"/);
    assert.equal(osless(['pack', 'hello'], { cwd, env: { SOURCE_DATE_EPOCH: 'now' } }).code, 2);
  });

  it('keeps no image whose program cannot start, says why, and ends with 1', (context) => {
    const cwd = temporaryFolder(context);
    makeRoot(cwd, { '/usr/bin/broken': elf({ interpreter: '/lib64/ld-linux-x86-64.so.2', needs: ['libnot.so.1'] }) });
    const args = ['--store', 'store', 'pack', '--from', 'rootfs:.', 'broken'];
    const { code, stdout } = osless(args, { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /^starts: no: .*(ld-linux-x86-64\.so\.2|libnot\.so\.1)/m);
    assert.doesNotMatch(osless(['--store', 'store', 'images'], { cwd }).stdout, /broken/);
    assert.equal(osless([...args, '--force'], { cwd }).code, 1);
    assert.match(osless(['--store', 'store', 'images'], { cwd }).stdout, /^broken /m);
  });

  it('tells of a program that was cut short, instead of failing at it', (context) => {
    const cwd = temporaryFolder(context);
    const whole = elf({ interpreter: '/lib64/ld-linux-x86-64.so.2', needs: ['libc.so.6'] });
    makeRoot(cwd, { '/usr/bin/cut': whole.subarray(0, whole.length / 2) });
    const { code, stdout } = osless(['--store', 'store', 'pack', '--from', 'rootfs:.', 'cut'], { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /^starts: no: \/usr\/bin\/cut is a damaged ELF file/m);
  });

  it('says what it did not find, with code 3', (context) => {
    const cwd = temporaryFolder(context);
    makeRoot(cwd);
    for (const args of [
      ['pack', 'no-such-program'],
      ['pack', './no-such-program'],
      ['pack', '/etc'],
      ['pack', '--from', 'rootfs:.', '/etc/passwd'],
      ['pack', '--from', 'rootfs:nowhere', 'hello'],
      ['pack', '--from', 'oci:nowhere', 'hello'],
    ]) {
      const { code, stdout, stderr } = osless(args, { cwd });
      assert.deepEqual([code, stdout], [3, ''], args.join(' '));
      assert.match(stderr, /^osless: .+\n.+\n$/, args.join(' '));
    }
  });

  it('stands on a base and adds to its config', (context) => {
    const cwd = temporaryFolder(context);
    makeRoot(cwd, { '/usr/bin/other': elf({ prints: 'other\n' }) });
    const env = { OSLESS_STORE: join(cwd, 'store') };
    osless(['pack', '--from', 'rootfs:.', 'hello', '-t', 'base', '-e', 'A=1', '--label', 'a=b'], { cwd, env });
    const args = [
      'pack',
      '--from',
      'rootfs:.',
      'other',
      '--base',
      'base',
      '-e',
      'B=2',
      '--expose',
      '80',
      '-o',
      'oci:out',
      '--json',
    ];
    const summary = summaryOf(osless([...args, '--', '-x'], { cwd, env }));
    assert.equal(summary.program, '/usr/bin/other');
    const config = configOf(join(cwd, 'out'));
    assert.deepEqual(config.config.Env.slice(1), ['A=1', 'B=2']);
    assert.deepEqual(config.config.Entrypoint, ['/usr/bin/other']);
    assert.deepEqual(config.config.Cmd, ['-x']);
    assert.deepEqual(config.config.ExposedPorts, { '80/tcp': {} });
    assert.deepEqual(config.config.Labels, { a: 'b' });
    assert.equal(config.rootfs.diff_ids.length, 2);
  });
});

interface ConfigFile {
  readonly config: {
    readonly Env: string[];
    readonly Entrypoint: string[];
    readonly Cmd: string[];
    readonly ExposedPorts: object;
    readonly Labels: object;
  };
  readonly rootfs: { readonly diff_ids: string[] };
}

function configOf(layout: string): ConfigFile {
  const blob = (digest: string) => readJson(join(layout, 'blobs', digest.replace(':', '/')));
  const index = readJson(join(layout, 'index.json')) as { manifests: [{ digest: string }] };
  const manifest = blob(index.manifests[0].digest) as { config: { digest: string } };
  return blob(manifest.config.digest) as ConfigFile;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

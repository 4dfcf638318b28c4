import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { type Ended, osless, temporaryFolder } from './cli.ts';
import { makeRoot } from './make.ts';

/** A folder with a root file system, and a store that holds the image hello:latest of it. */
function packed(context: TestContext) {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'root'));
  makeRoot(join(folder, 'root'));
  const run = (...args: string[]): Ended => osless(args, { cwd: folder, env: { OSLESS_STORE: join(folder, 'store') } });
  assert.equal(run('pack', '--from', 'rootfs:root', 'hello').code, 0);
  return { folder, run };
}

const namesOf = ({ stdout }: Ended): string[] =>
  (JSON.parse(stdout) as { images: { name: string }[] }).images.map(({ name }) => name);

describe('images, tag, rmi, save, load and copy from outside', () => {
  it('lists nothing in a store that is not there, and makes none', (context) => {
    const cwd = temporaryFolder(context);
    const { code, stdout } = osless(['--store', 'store', 'images'], { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE\n$/);
    assert.deepEqual(readdirSync(cwd), []);
  });

  it('prints what docker prints, ids with -q, and everything with --json', (context) => {
    const { run } = packed(context);
    const [, row = ''] = run('images').stdout.split('\n');
    assert.match(row, /^hello +latest +[0-9a-f]{12} +N\/A +[0-9.]+kB$/);
    const id = run('images', '-q').stdout.trim();
    assert.match(id, /^[0-9a-f]{12}$/);
    assert.ok(row.includes(id));
    const { schema, images } = JSON.parse(run('images', '--json').stdout) as {
      schema: string;
      images: { digest: string }[];
    };
    assert.equal(schema, 'osless.images/1');
    assert.ok(images[0]?.digest.startsWith(`sha256:${id}`));
  });

  it('gives names, and takes them away with what nothing names any more', (context) => {
    const { folder, run } = packed(context);
    assert.deepEqual(run('tag', 'hello', 'registry.example:5000/me/hello:2'), { code: 0, stdout: '', stderr: '' });
    assert.deepEqual(namesOf(run('images', '--json')), ['hello:latest', 'registry.example:5000/me/hello:2']);
    assert.equal(run('rmi', 'hello').stdout, 'Untagged: hello:latest\n');
    assert.ok(readdirSync(join(folder, 'store/blobs/sha256')).length > 0);
    const id = run('images', '-q').stdout.trim();
    assert.equal(run('rmi', id).stdout, 'Untagged: registry.example:5000/me/hello:2\n');
    assert.deepEqual(readdirSync(join(folder, 'store/blobs/sha256')), []);
  });

  it('takes no name away when one of several is not there', (context) => {
    const { run } = packed(context);
    const { code, stdout, stderr } = run('rmi', 'hello', 'nothing');
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(stderr, /^osless: there is no image nothing.*\n.+\n$/);
    assert.deepEqual(namesOf(run('images', '--json')), ['hello:latest']);
  });

  it('saves to a file and to a pipe what load brings back, under the same name and id', (context) => {
    const { folder, run } = packed(context);
    const id = run('images', '-q').stdout;
    assert.deepEqual(run('save', '-o', 'hello.tar', 'hello'), { code: 0, stdout: '', stderr: '' });
    const archive = readFileSync(join(folder, 'hello.tar'));
    for (const store of ['from-file', 'from-pipe']) {
      const env = { OSLESS_STORE: join(folder, store) };
      const args = store === 'from-file' ? ['-i', 'hello.tar'] : [];
      const loaded = osless(['load', ...args], { cwd: folder, env, input: store === 'from-pipe' ? archive : '' });
      assert.deepEqual([loaded.code, loaded.stdout], [0, 'Loaded image: hello:latest\n']);
      assert.equal(osless(['images', '-q'], { cwd: folder, env }).stdout, id);
    }
  });

  it('copies from place to place, and what comes back is the same image', (context) => {
    const { folder, run } = packed(context);
    const digestIn = (...place: string[]) =>
      (JSON.parse(run(...place, 'images', '--json').stdout) as { images: { digest: string }[] }).images[0]?.digest;
    for (const [from, to] of [
      ['hello', 'oci:layout:v1'],
      ['oci:layout:v1', 'oci-archive:archive.tar:v1'],
      ['oci-archive:archive.tar:v1', 'again:v1'],
    ] as const) {
      assert.deepEqual(run('copy', from, to), { code: 0, stdout: '', stderr: '' }, `${from} to ${to}`);
    }
    assert.ok(existsSync(join(folder, 'layout/oci-layout')));
    run('rmi', 'hello');
    assert.match(digestIn() ?? '', /^sha256:/);
    assert.equal(run('images', '-q').stdout.split('\n').filter(Boolean).length, 1);
  });

  it('says in two lines, with code 3, what is wrong with a file, and leaves the store as it was', (context) => {
    const { folder, run } = packed(context);
    const before = run('images', '--json').stdout;
    run('save', '-o', 'hello.tar', 'hello');
    const archive = readFileSync(join(folder, 'hello.tar'));
    const damaged = Buffer.from(archive);
    damaged.fill(0x41, damaged.indexOf('ELF'), damaged.indexOf('ELF') + 3);
    const files: Record<string, Uint8Array> = {
      'text.tar': Buffer.from('no archive at all'),
      'empty.tar': new Uint8Array(),
      'cut.tar': archive.subarray(0, archive.length / 2),
      'damaged.tar': damaged,
    };
    for (const [name, bytes] of Object.entries(files)) {
      writeFileSync(join(folder, name), bytes);
      const { code, stdout, stderr } = run('--store', 'other', 'load', '-i', name);
      assert.deepEqual([code, stdout], [3, ''], name);
      assert.match(stderr, /^osless: .+\n.+\n$/, name);
    }
    assert.equal(run('load', '-i', 'absent.tar').code, 3);
    assert.equal(run('--store', 'other', 'images', '-q').stdout, '');
    assert.equal(run('images', '--json').stdout, before);
  });

  it('ends quietly when the reader of its output goes away', (context) => {
    const { folder, run } = packed(context);
    for (let count = 0; count < 3; count++) run('tag', 'hello', `hello:${count}`);
    const env = { OSLESS_STORE: join(folder, 'store') };
    for (const args of [['images'], ['save', 'hello']]) {
      const { code, stderr } = osless(args, { cwd: folder, env, stdoutClosed: true });
      assert.deepEqual([code, stderr], [141, '']);
    }
  });
});

import assert from 'node:assert/strict';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { bytesOfText, type ImagePath, imagePath, readAll, readAt } from '../kit/index.ts';
import { hostTree } from './host.ts';
import type { FileNode } from './tree.ts';
import { readFile, walk } from './walk.ts';

const dir = mkdtempSync(join(tmpdir(), 'host-tree-'));
after(() => rmSync(dir, { recursive: true }));
mkdirSync(`${dir}/usr/bin`, { recursive: true });
writeFileSync(`${dir}/usr/bin/tool`, 'content', { mode: 0o755 });
chmodSync(`${dir}/usr/bin/tool`, 0o4755);
linkSync(`${dir}/usr/bin/tool`, `${dir}/usr/bin/again`);
symlinkSync('usr/bin', `${dir}/bin`);
symlinkSync('/etc', `${dir}/etc`);
writeFileSync(Buffer.concat([Buffer.from(`${dir}/odd-`), Buffer.of(0xff)]), 'odd');
writeFileSync(`${dir}/ü`, '');
// As a number, Node takes a time before 1970 for now.
utimesSync(`${dir}/usr`, new Date(0), new Date(-1500));

const path = (text: string): ImagePath => imagePath(text);
async function nodeAt(name: string): Promise<FileNode> {
  const node = await hostTree(dir).lookup(path(name));
  assert.ok(node, `${name} is there`);
  return node;
}

describe('hostTree', () => {
  it('shows metadata, links and content', async () => {
    const tool = await nodeAt('/usr/bin/tool');
    assert.deepEqual([tool.kind, tool.mode, tool.sizeBytes], ['file', 0o4755, 7]);
    assert.equal((await readAll(tool.content, 100)).toString(), 'content');
    assert.equal(Buffer.from(await readAt(tool.content, 3, 100)).toString(), 'tent');
    assert.equal((await nodeAt('/bin')).linkTarget, 'usr/bin');
  });

  it('gives two names of one file the same identity, and a single name none', async () => {
    const tool = await nodeAt('/usr/bin/tool');
    assert.equal(tool.identity, (await nodeAt('/usr/bin/again')).identity);
    assert.notEqual(tool.identity, undefined);
    assert.equal((await nodeAt('/ü')).identity, undefined);
  });

  it('never goes through a symlink', async () => {
    const tree = hostTree(dir);
    assert.equal(await tree.lookup(path('/bin/tool')), undefined);
    assert.equal(await tree.lookup(path('/etc/passwd')), undefined);
    assert.deepEqual(await tree.list(path('/etc')), []);
  });

  it('keeps every byte of a name, and sorts by bytes', async () => {
    const tree = hostTree(dir);
    const names = await tree.list(path('/'));
    assert.deepEqual(
      names.map((name) => bytesOfText(name).toString('latin1')),
      ['bin', 'etc', 'odd-\xff', 'usr', 'Ã¼'],
    );
    const odd = await tree.lookup(path(`/${names[2]}`));
    assert.equal(odd && (await readAll(odd.content, 10)).toString(), 'odd');
  });

  it('tells times before 1970', async () => {
    const { mtimeSeconds, mtimeNanoseconds } = await nodeAt('/usr');
    assert.deepEqual([mtimeSeconds, mtimeNanoseconds], [-2, 500_000_000]);
  });

  it('answers undefined for names that no file can have', async () => {
    const tree = hostTree(dir);
    assert.equal(await tree.lookup(path('/a\0b')), undefined);
    assert.equal(await tree.lookup(path(`/${'x'.repeat(300)}`)), undefined);
    assert.equal(await tree.lookup(path('/x'.repeat(5000))), undefined);
  });

  it('may itself be reached through a symlink', async () => {
    assert.ok(await hostTree(`${dir}/bin`).lookup(path('/tool')));
  });

  it('is a FILE_NOT_FOUND when the directory is not there, and when a file vanished', async () => {
    assert.throws(() => hostTree(`${dir}/none`), { code: 'FILE_NOT_FOUND' });
    writeFileSync(`${dir}/short-lived`, 'x');
    const { content } = await nodeAt('/short-lived');
    rmSync(`${dir}/short-lived`);
    await assert.rejects(readAll(content, 10), { code: 'FILE_NOT_FOUND' });
  });

  it('is walked without what the kernel makes up', async () => {
    const seen: string[] = [];
    for await (const entry of walk(hostTree('/'), path('/dev'))) seen.push(entry.path);
    assert.deepEqual(seen, ['/dev']);
  });
});

describe('walk', () => {
  it('names a directory before what is in it, in the order of bytes', async () => {
    const seen: string[] = [];
    for await (const entry of walk(hostTree(dir), path('/usr'))) seen.push(entry.path);
    assert.deepEqual(seen, ['/usr', '/usr/bin', '/usr/bin/again', '/usr/bin/tool']);
  });
});

describe('readFile', () => {
  it('follows links, and answers undefined for what is no file', async () => {
    assert.equal((await readFile(hostTree(dir), '/bin/tool', 10))?.toString(), 'content');
    assert.equal(await readFile(hostTree(dir), '/usr', 10), undefined);
    await assert.rejects(readFile(hostTree(dir), '/bin/tool', 3), { code: 'TOO_LARGE' });
  });
});

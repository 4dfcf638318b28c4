import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { imagePath } from '../kit/index.ts';
import { literalTree, resolve } from './index.ts';
import { withProgram } from './with-program.ts';

const base = literalTree({
  '/usr/bin/sh': 'shell',
  '/bin': { linkTarget: 'usr/bin' },
  '/tmp/': { mode: 0o1777 },
});

const program = async (content: string) => {
  const node = await literalTree({ '/p': { content, uid: 1000, gid: 1000, mode: 0o755 } }).lookup(imagePath('/p'));
  return node ?? assert.fail();
};

describe('a program put among the files of an image', () => {
  it('follows links of the image, and hides nothing behind them', async () => {
    const tree = await withProgram(base, imagePath('/bin/app'), await program('x'));
    const found = await resolve(tree, '/bin/app');
    assert.ok(found.found);
    assert.equal(found.path, '/usr/bin/app');
    assert.deepEqual([found.node.uid, found.node.gid, found.node.mode], [0, 0, 0o755]);
    assert.ok((await resolve(tree, '/bin/sh')).found);
  });

  it('leaves directories as they are and makes those that are missing', async () => {
    const tree = await withProgram(base, imagePath('/tmp/a/b/app'), await program('x'));
    assert.equal((await tree.lookup(imagePath('/tmp')))?.mode, 0o1777);
    assert.equal((await tree.lookup(imagePath('/tmp/a/b')))?.mode, 0o755);
    assert.ok((await resolve(tree, '/tmp/a/b/app')).found);
  });
});

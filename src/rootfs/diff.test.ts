import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ImagePath, imagePath, readAll } from '../kit/index.ts';
import { layerBetween } from './diff.ts';
import { literalTree } from './literal.ts';
import { overlay } from './overlay.ts';
import { selectFiles } from './select.ts';
import type { FileTree } from './tree.ts';
import { withTimes } from './views.ts';

const empty = literalTree({});

/** `path`, `path -> link target` or `path = content` of each item. */
async function layer(before: FileTree, after: FileTree): Promise<string[]> {
  const lines: string[] = [];
  for await (const { header, body } of layerBetween(before, after)) {
    const content = body ? `=${await readAll(body, 1000)}` : header.linkTarget && `->${header.linkTarget}`;
    lines.push(`${header.path}${content}`);
  }
  return lines;
}

describe('layerBetween', () => {
  it('is empty for equal trees, wherever their nodes come from', async () => {
    const files = { '/etc/passwd': 'root', '/bin': { linkTarget: 'usr/bin' }, '/tmp/': { mode: 0o1777 } };
    assert.deepEqual(await layer(literalTree(files), literalTree(files)), []);
  });

  it('writes what was added, parents first, in the order of bytes however the tree was made', async () => {
    const want = ['b/', 'b/a=1', 'b/c/', 'b/c/d=2', 'b/c-d=3'];
    assert.deepEqual(await layer(empty, literalTree({ '/b/c-d': '3', '/b/c/d': '2', '/b/a': '1' })), want);
    assert.deepEqual(await layer(empty, literalTree({ '/b/a': '1', '/b/c/d': '2', '/b/c-d': '3' })), want);
  });

  it('writes whole what changed in content or metadata, and the directories that lead there', async () => {
    const before = literalTree({ '/etc/a': 'x', '/etc/b': 'x', '/etc/c': 'x', '/usr/d': 'x' });
    const after = literalTree({ '/etc/a': 'y', '/etc/b': { content: 'x', mode: 0o600 }, '/etc/c': 'x', '/usr/d': 'x' });
    assert.deepEqual(await layer(before, after), ['etc/', 'etc/a=y', 'etc/b=x']);
  });

  it('takes away with whiteouts, and a whole directory at once', async () => {
    const before = literalTree({ '/etc/a': '', '/etc/b': '', '/var/log/x': '', '/var/log/y': '', '/tmp/z': '' });
    const after = literalTree({ '/etc/b': '', '/var/log/new': '' });
    assert.deepEqual(await layer(before, after), [
      '.wh.tmp',
      'etc/',
      'etc/.wh.a',
      'var/',
      'var/log/',
      'var/log/.wh..wh..opq',
      'var/log/new=',
    ]);
  });

  it('replaces one kind by another without a whiteout', async () => {
    const before = literalTree({ '/lib/x': '', '/bin': { linkTarget: 'usr/bin' } });
    const after = literalTree({ '/lib': { linkTarget: 'usr/lib' }, '/bin/y': '' });
    assert.deepEqual(await layer(before, after), ['bin/', 'bin/y=', 'lib->usr/lib']);
  });

  it('writes names of one file once and links the others to the first', async () => {
    const one = { content: 'same', identity: '7' };
    assert.deepEqual(await layer(empty, literalTree({ '/z': one, '/a/b': one, '/m': one })), [
      'a/',
      'a/b=same',
      'm->a/b',
      'z->a/b',
    ]);
  });

  it('never links to a file of the layer below', async () => {
    const one = { content: 'same', identity: '7' };
    const before = literalTree({ '/a': 'same' });
    assert.deepEqual(await layer(before, literalTree({ '/a': one, '/b': one })), ['a=same', 'b->a']);
  });

  it('separates names that were one file and are two', async () => {
    const one = { content: 'same', identity: '7' };
    assert.deepEqual(await layer(literalTree({ '/a': one, '/b': one }), literalTree({ '/a': 'same', '/b': 'same' })), [
      'b=same',
    ]);
  });

  it('writes the root only when more than its time changed', async () => {
    assert.deepEqual(await layer(empty, literalTree({ '/': { kind: 'directory', mtimeSeconds: 5 } })), []);
    assert.deepEqual(await layer(empty, literalTree({ '/': { kind: 'directory', mode: 0o700 } })), ['./']);
  });

  it('leaves sockets out, and what they stand for is gone', async () => {
    assert.deepEqual(await layer(literalTree({ '/s': '' }), literalTree({ '/s': { kind: 'socket' } })), ['.wh.s']);
  });

  it('refuses a name that means a whiteout', async () => {
    await assert.rejects(layer(empty, literalTree({ '/.wh.x': '' })), { code: 'UNSUPPORTED' });
  });

  it('tells no names of users', async () => {
    for await (const { header } of layerBetween(empty, literalTree({ '/x': { content: '', uid: 1000 } }))) {
      assert.deepEqual([header.uid, header.userName, header.groupName], [1000, '', '']);
    }
  });

  it('gives for an overlay what lies above and is new', async () => {
    const base = literalTree({ '/etc/passwd': 'root', '/etc/motd': 'hi', '/usr/lib/x': 'x' });
    const top = literalTree({ '/etc/passwd': 'root', '/etc/hosts': 'local', '/usr/lib': 'now a file' });
    assert.deepEqual(await layer(base, overlay(base, top)), ['etc/', 'etc/hosts=local', 'usr/', 'usr/lib=now a file']);
  });
});

describe('layerBetween over an overlay', () => {
  it('writes a name that was tied to others below and is a file of its own now', async () => {
    const one = { content: 'same', identity: '7' };
    const base = literalTree({ '/a': one, '/b': one });
    assert.deepEqual(await layer(base, overlay(base, literalTree({ '/a': 'same' }))), ['a=same']);
  });
});

const path = (text: string): ImagePath => imagePath(text);

describe('overlay', () => {
  const tree = overlay(
    literalTree({ '/etc/a': '1', '/etc/b': '1', '/lib/x': '', '/f': '' }),
    literalTree({ '/etc/': { mode: 0o700 }, '/etc/b': '22', '/lib': 'file', '/f/g': '' }),
  );

  it('merges directories, described by the upper one', async () => {
    assert.deepEqual(await tree.list(path('/etc')), ['a', 'b']);
    assert.equal((await tree.lookup(path('/etc')))?.mode, 0o700);
    assert.equal((await tree.lookup(path('/etc/b')))?.sizeBytes, 2);
  });

  it('hides a directory below anything else', async () => {
    assert.equal(await tree.lookup(path('/lib/x')), undefined);
    assert.deepEqual(await tree.list(path('/lib')), []);
    assert.deepEqual(await tree.list(path('/f')), ['g']);
    assert.deepEqual(await tree.list(path('/')), ['etc', 'f', 'lib']);
  });

  it('never takes files of the two for one', async () => {
    const one = literalTree({ '/a': { content: '', identity: '1' } });
    const two = literalTree({ '/b': { content: '', identity: '1' } });
    const both = overlay(one, two);
    assert.notEqual((await both.lookup(path('/a')))?.identity, (await both.lookup(path('/b')))?.identity);
  });
});

describe('selectFiles', () => {
  const tree = literalTree({
    '/usr/': { mode: 0o711 },
    '/usr/bin/a': '',
    '/usr/bin/b': '',
    '/usr/share/x/y': '',
    '/bin': { linkTarget: 'usr/bin' },
  });

  it('shows exactly what is named and the directories that lead there', async () => {
    const chosen = selectFiles(tree, [path('/usr/bin/a'), path('/bin'), path('/none/x')]);
    assert.deepEqual(await layer(empty, chosen), ['bin->usr/bin', 'usr/', 'usr/bin/', 'usr/bin/a=']);
    assert.equal((await chosen.lookup(path('/usr')))?.mode, 0o711);
    assert.equal(await chosen.lookup(path('/usr/bin/b')), undefined);
  });

  it('shows a named directory without what is in it, unless it is wanted whole', async () => {
    assert.deepEqual(await layer(empty, selectFiles(tree, [path('/usr/bin')])), ['usr/', 'usr/bin/']);
    const whole = selectFiles(tree, [], { whole: [path('/usr/share')] });
    assert.deepEqual(await layer(empty, whole), ['usr/', 'usr/share/', 'usr/share/x/', 'usr/share/x/y=']);
  });

  it('names nothing by a path through a symlink', async () => {
    assert.deepEqual(await layer(empty, selectFiles(tree, [path('/bin/a')])), []);
  });
});

describe('withTimes', () => {
  it('gives each node the time that the function tells', async () => {
    const timed = withTimes(
      literalTree({ '/a.py': { content: '', mtimeSeconds: 9, mtimeNanoseconds: 1 } }),
      (at, node) => (at.endsWith('.py') ? node.mtimeSeconds : 0),
    );
    const node = await timed.lookup(path('/a.py'));
    assert.deepEqual([node?.mtimeSeconds, node?.mtimeNanoseconds], [9, 0]);
    assert.equal((await timed.lookup(path('/')))?.mtimeSeconds, 0);
  });
});

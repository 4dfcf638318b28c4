import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NeededFile, Needs } from '../../facts/needs/index.ts';
import { imagePath } from '../../kit/index.ts';
import { type FileTree, literalTree } from '../../rootfs/index.ts';
import { findProgram } from './program.ts';
import { reproducible } from './reproducible.ts';
import { withoutTraces } from './traces.ts';

const program = { kind: 'file', mode: 0o755, content: 'x' } as const;

describe('findProgram', () => {
  const tree = literalTree({
    '/usr/bin/tool': program,
    '/usr/bin/text': 'not executable',
    '/bin': { kind: 'symlink', linkTarget: 'usr/bin' },
    '/bin-links/tool': { kind: 'symlink', linkTarget: '../usr/bin/tool' },
    '/srv/tool': program,
  });
  const find = (name: string, { cwd = '/', path }: { cwd?: string; path?: string } = {}) =>
    findProgram(tree, name, { cwd, path });

  it('looks a bare name up in PATH, and gives the name that it found, not what a link leads to', async () => {
    assert.equal(await find('tool'), '/usr/bin/tool');
    assert.equal(await find('tool', { path: '/bin-links:/bin' }), '/bin-links/tool');
  });

  it('takes a path as it stands, a relative one from the working directory', async () => {
    assert.equal(await find('/bin/tool'), '/bin/tool');
    assert.equal(await find('./tool', { cwd: '/srv' }), '/srv/tool');
  });

  it('says what is wrong with what it found', async () => {
    const fault = (message: RegExp) => ({ code: 'PROGRAM_NOT_FOUND', message });
    await assert.rejects(find('nothing'), fault(/there is no program nothing in \/usr\/local\/sbin/));
    await assert.rejects(find('text'), fault(/\/usr\/bin\/text is not executable/));
    await assert.rejects(find('/usr'), fault(/\/usr is a directory, not a program/));
    await assert.rejects(find('/no/tool'), fault(/\/no\/tool does not exist/));
  });
});

describe('what pack makes of a tree', () => {
  const nodeOf = async (tree: FileTree, path: string) => tree.lookup(imagePath(path));

  it('gives every file one time, and what belongs to a person to root', async () => {
    const tree = literalTree({
      '/a': { kind: 'file', content: '', uid: 1000, gid: 1000, mtimeSeconds: 12 },
      '/b': { kind: 'file', content: '', uid: 33, gid: 33, mtimeSeconds: 13 },
    });
    const [a, b] = [await nodeOf(reproducible(tree, 7, true), '/a'), await nodeOf(reproducible(tree, 7, true), '/b')];
    assert.deepEqual([a?.uid, a?.gid, a?.mtimeSeconds], [0, 0, 7]);
    assert.deepEqual([b?.uid, b?.gid, b?.mtimeSeconds], [33, 33, 7]);
    assert.equal((await nodeOf(reproducible(tree, 7, false), '/a'))?.uid, 1000);
  });

  it('leaves logs and other traces of running out, but not their directories or what was asked for', async () => {
    const tree = literalTree({ '/var/log/app/access.log': 'secret', '/var/log/app/kept': 'x', '/etc/app': 'x' });
    const need = (path: string, rule = 'configuration'): NeededFile => ({
      path: imagePath(path),
      level: 'likely',
      because: [{ rule, by: undefined, detail: '' }],
    });
    const all = [
      need('/etc/app'),
      need('/var/log/app'),
      need('/var/log/app/access.log'),
      need('/var/log/app/kept', 'include'),
    ];
    const needs: Needs = { needs: all, leftOut: [], missing: [], added: literalTree({}), addedFiles: [], notes: [] };
    const kept = (await withoutTraces(tree, needs)).needs.map(({ path }) => path);
    assert.deepEqual(kept, ['/etc/app', '/var/log/app', '/var/log/app/kept']);
  });
});

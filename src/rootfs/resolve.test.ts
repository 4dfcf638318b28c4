import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { literalTree } from './literal.ts';
import { type ResolveOptions, resolve } from './resolve.ts';
import type { FileTree } from './tree.ts';

const merged = literalTree({
  '/lib': { linkTarget: 'usr/lib' },
  '/usr/lib/libc.so.6': { linkTarget: 'libc-2.36.so' },
  '/usr/lib/libc-2.36.so': 'ELF',
  '/absolute': { linkTarget: '/lib/libc.so.6' },
  '/up': { linkTarget: '../../../usr' },
  '/deep/er/link': { linkTarget: '/usr/lib' },
  '/self': { linkTarget: 'self' },
  '/empty': { linkTarget: '' },
  '/dangling': { linkTarget: 'nowhere/x' },
  '/as-dir': { linkTarget: 'lib/' },
  '/file-as-dir': { linkTarget: 'usr/lib/libc-2.36.so/' },
});

async function outcome(tree: FileTree, path: string, options?: ResolveOptions): Promise<string> {
  const found = await resolve(tree, path, options);
  return found.found ? found.path : `${found.problem} at ${found.at}`;
}

describe('resolve follows paths as the kernel does', () => {
  it('follows links on the way and at the end, and names each by its real path', async () => {
    const found = await resolve(merged, '/lib/libc.so.6');
    assert.equal(found.found && found.path, '/usr/lib/libc-2.36.so');
    assert.deepEqual(found.links, ['/lib', '/usr/lib/libc.so.6']);
  });

  it('says the same when the directory was resolved before', async () => {
    const first = await resolve(merged, '/deep/er/link/../lib/libc.so.6');
    assert.deepEqual(await resolve(merged, '/deep/er/link/../lib/libc.so.6'), first);
    assert.deepEqual(first.links, ['/deep/er/link', '/usr/lib/libc.so.6']);
  });

  it('leaves the last link alone when told so, but not one with a slash after it', async () => {
    assert.equal(await outcome(merged, '/lib', { followLast: false }), '/lib');
    assert.equal(await outcome(merged, '/lib/', { followLast: false }), '/usr/lib');
  });

  it('begins absolute targets at the root again and stays there on too many dots', async () => {
    assert.equal(await outcome(merged, '/absolute'), '/usr/lib/libc-2.36.so');
    assert.equal(await outcome(merged, '/up/lib'), '/usr/lib');
    assert.equal(await outcome(merged, '/../..'), '/');
  });

  it('takes .. after a link as the parent of where the link leads', async () => {
    assert.equal(await outcome(merged, '/deep/er/link/..'), '/usr');
  });

  it('begins relative paths in the working directory', async () => {
    assert.equal(await outcome(merged, 'libc.so.6', { cwd: '/lib' }), '/usr/lib/libc-2.36.so');
    assert.equal(await outcome(merged, 'libc.so.6'), 'missing at /libc.so.6');
    assert.equal(await outcome(merged, 'x', { cwd: '/none' }), 'missing at /none');
  });

  it('demands a directory before a slash', async () => {
    assert.equal(await outcome(merged, '/as-dir'), '/usr/lib');
    assert.equal(await outcome(merged, '/usr/lib/libc-2.36.so/'), 'not-a-directory at /usr/lib/libc-2.36.so');
    assert.equal(await outcome(merged, '/file-as-dir'), 'not-a-directory at /usr/lib/libc-2.36.so');
    assert.equal(await outcome(merged, '/usr/lib/libc-2.36.so/..'), 'not-a-directory at /usr/lib/libc-2.36.so');
    assert.equal(await outcome(merged, '/usr/lib/libc-2.36.so/.'), 'not-a-directory at /usr/lib/libc-2.36.so');
  });

  it('names what is missing, by its real path', async () => {
    assert.equal(await outcome(merged, '/lib/none/x'), 'missing at /usr/lib/none');
    assert.equal(await outcome(merged, '/dangling'), 'missing at /nowhere');
    assert.equal(await outcome(merged, '/empty'), 'missing at /empty');
    assert.equal(await outcome(merged, ''), 'missing at /');
  });

  it('follows 40 links and stops at the 41st', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 41 }, (_, at) => [`/l${at}`, { linkTarget: at === 0 ? 'end' : `l${at - 1}` }]),
    );
    const tree = literalTree({ '/end': 'x', ...chain });
    assert.equal(await outcome(tree, '/l39'), '/end');
    assert.equal(await outcome(tree, '/l40'), 'loop at /l0');
    assert.equal(await outcome(merged, '/self/x'), 'loop at /self');
  });

  it('counts the links of a directory resolved before', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`/l${at}`, { linkTarget: at === 0 ? 'dir' : `l${at - 1}` }]),
    );
    const tree = literalTree({ '/dir/file': 'x', '/dir/link': { linkTarget: 'file' }, ...chain });
    assert.equal(await outcome(tree, '/l39/file'), '/dir/file');
    assert.equal(await outcome(tree, '/l39/link'), 'loop at /dir/link');
  });

  it('asks for search permission on every directory, also for root who has it', async () => {
    const tree = literalTree({
      '/private/': { mode: 0o700 },
      '/private/app': 'x',
      '/group/': { mode: 0o710, gid: 5 },
      '/group/app': 'x',
      '/to-private': { linkTarget: 'private/app' },
    });
    const as = { uid: 1000, gids: [1000, 5] };
    assert.equal(await outcome(tree, '/private/app', { as }), 'denied at /private');
    assert.equal(await outcome(tree, '/private', { as }), '/private');
    assert.equal(await outcome(tree, '/private/..', { as }), 'denied at /private');
    assert.equal(await outcome(tree, '/to-private', { as }), 'denied at /private');
    assert.equal(await outcome(tree, '/group/app', { as }), '/group/app');
    assert.equal(await outcome(tree, '/private/app', { as: { uid: 0, gids: [0] } }), '/private/app');
    assert.equal(await outcome(tree, '/private/app'), '/private/app');
  });
});

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { makeGzipLayer, makeLayer } from '../../tests/make/layer.ts';
import type { TarSpec } from '../../tests/make/tar.ts';
import { imagePath, readAll, readAt } from '../kit/index.ts';
import { treeOf } from './from-image.ts';
import type { FileTree } from './tree.ts';
import { walk } from './walk.ts';

const treeFrom = async (...layers: readonly (readonly TarSpec[])[]): Promise<FileTree> =>
  treeOf({ layers: await Promise.all(layers.map(makeLayer)) });

/** All names but the root: `path/`, `path->target` or `path=content`. */
async function show(tree: FileTree): Promise<string[]> {
  const lines: string[] = [];
  for await (const { path, node } of walk(tree)) {
    if (path === '/') continue;
    if (node.kind === 'file') lines.push(`${path}=${await readAll(node.content, 1000)}`);
    else lines.push(`${path}${node.kind === 'directory' ? '/' : `->${node.linkTarget}`}`);
  }
  return lines;
}

const shown = async (...layers: readonly (readonly TarSpec[])[]): Promise<string[]> => show(await treeFrom(...layers));
const nodeAt = async (tree: FileTree, path: string) => tree.lookup(imagePath(path));

describe('treeOf stacks layers', () => {
  it('shows files with all their metadata', async () => {
    const xattrs = { 'security.capability': 'x' };
    const tree = await treeFrom([
      { path: 'bin/ping', mode: 0o4755, uid: 7, gid: 8, mtimeSeconds: 9, mtimeNanoseconds: 10, content: 'p', xattrs },
      { path: 'dev/null', type: 'character-device', device: { major: 1, minor: 3 } },
      { path: 'run/pipe', type: 'fifo' },
    ]);
    const ping = await nodeAt(tree, '/bin/ping');
    assert.deepEqual(
      [ping?.mode, ping?.uid, ping?.gid, ping?.mtimeSeconds, ping?.mtimeNanoseconds],
      [0o4755, 7, 8, 9, 10],
    );
    assert.equal(ping?.xattrs.get('security.capability')?.toString(), 'x');
    assert.deepEqual((await nodeAt(tree, '/dev/null'))?.device, { major: 1, minor: 3 });
    assert.equal((await nodeAt(tree, '/run/pipe'))?.kind, 'fifo');
  });

  it('lets later layers and later entries win', async () => {
    const first = [
      { path: 'etc/a', content: '1' },
      { path: 'etc/a', content: '2' },
      { path: 'etc/b', content: 'b' },
    ];
    assert.deepEqual(await shown(first), ['/etc/', '/etc/a=2', '/etc/b=b']);
    assert.deepEqual(await shown(first, [{ path: './etc/a', content: '3' }]), ['/etc/', '/etc/a=3', '/etc/b=b']);
  });

  it('merges directories and takes the metadata of the last', async () => {
    const tree = await treeFrom([{ path: 'etc/', mode: 0o700 }, { path: 'etc/a' }], [{ path: 'etc/', mode: 0o755 }]);
    assert.equal((await nodeAt(tree, '/etc'))?.mode, 0o755);
    assert.deepEqual(await show(tree), ['/etc/', '/etc/a=']);
  });

  it('takes the mode of the root from its entry, and makes directories that nobody described', async () => {
    const tree = await treeFrom([{ path: './', mode: 0o700 }, { path: 'a/b/c' }]);
    assert.equal((await nodeAt(tree, '/'))?.mode, 0o700);
    const made = await nodeAt(tree, '/a/b');
    assert.deepEqual([made?.mode, made?.uid, made?.mtimeSeconds], [0o755, 0, 0]);
  });

  it('replaces a directory by a file, and a link to a directory by a directory', async () => {
    assert.deepEqual(await shown([{ path: 'a/b' }], [{ path: 'a', content: 'x' }]), ['/a=x']);
    const usr = [{ path: 'usr/lib/x' }, { path: 'lib', linkTarget: 'usr/lib' }];
    assert.deepEqual(await shown(usr, [{ path: 'lib/' }]), ['/lib/', '/usr/', '/usr/lib/', '/usr/lib/x=']);
  });

  it('follows links on the way to a name, inside the image only', async () => {
    const usr = [
      { path: 'usr/lib/' },
      { path: 'lib', linkTarget: '../../../usr/lib' },
      { path: 'out', linkTarget: '/new' },
    ];
    assert.deepEqual(await shown(usr, [{ path: 'lib/x' }, { path: 'out/y' }]), [
      '/lib->../../../usr/lib',
      '/new/',
      '/new/y=',
      '/out->/new',
      '/usr/',
      '/usr/lib/',
      '/usr/lib/x=',
    ]);
  });

  it('keeps names inside whatever dots and slashes they have', async () => {
    assert.deepEqual(await shown([{ path: '../../etc/a' }, { path: '/b' }, { path: 'x/../c' }]), [
      '/b=',
      '/c=',
      '/etc/',
      '/etc/a=',
    ]);
  });

  it('refuses what no engine unpacks', async () => {
    const broken: TarSpec[][] = [
      [{ path: 'a' }, { path: 'a/b' }],
      [{ path: 'a', linkTarget: 'a' }, { path: 'a/b' }],
      [{ path: 'a', type: 'hardlink', linkTarget: 'none' }],
      [{ path: 'd/' }, { path: 'a', type: 'hardlink', linkTarget: 'd' }],
      [{ path: 'a' }, { path: 'a', type: 'hardlink', linkTarget: 'a' }],
      [{ path: 'a/.wh.' }],
      [{ path: 'a/.wh...' }],
      [{ path: './', type: 'file' }],
      [{ path: `${'d/'.repeat(300)}a` }],
      [
        { path: 'd', linkTarget: 'e/'.repeat(200) },
        { path: `${'e/'.repeat(200)}` },
        { path: `d/${'f/'.repeat(100)}a` },
      ],
    ];
    for (const specs of broken)
      await assert.rejects(treeFrom(specs), { code: 'LAYER_MALFORMED' }, JSON.stringify(specs));
  });

  it('refuses more entries than it was told to take', async () => {
    const layers = [await makeLayer([{ path: 'a' }, { path: 'b' }, { path: 'c' }])];
    await assert.rejects(treeOf({ layers }, { mostEntries: 2 }), { code: 'TOO_LARGE' });
  });

  it('says which layer was at fault', async () => {
    await assert.rejects(treeFrom([{ path: 'a' }], [{ path: 'a/b' }]), { message: /^layer 2 \(sha256:/ });
  });
});

describe('treeOf hides what layers take away', () => {
  const lower = [{ path: 'd/a' }, { path: 'd/b' }, { path: 'd/sub/c' }];

  it('hides one name, a file or a whole directory', async () => {
    assert.deepEqual(await shown(lower, [{ path: 'd/.wh.a' }]), ['/d/', '/d/b=', '/d/sub/', '/d/sub/c=']);
    assert.deepEqual(await shown(lower, [{ path: 'd/.wh.sub' }]), ['/d/', '/d/a=', '/d/b=']);
    assert.deepEqual(await shown(lower, [{ path: '.wh.d' }]), []);
  });

  it('hides only what lower layers brought, wherever the mark stands', async () => {
    const opaque = { path: 'd/.wh..wh..opq' };
    const want = ['/d/', '/d/new='];
    assert.deepEqual(await shown(lower, [opaque, { path: 'd/new' }]), want);
    assert.deepEqual(await shown(lower, [{ path: 'd/new' }, opaque]), want);
    assert.deepEqual(await shown(lower, [{ path: 'd/sub/new' }, opaque]), ['/d/', '/d/sub/', '/d/sub/new=']);
    assert.deepEqual(await shown(lower, [{ path: 'd/a', content: 'mine' }, { path: 'd/.wh.a' }]), [
      '/d/',
      '/d/a=mine',
      '/d/b=',
      '/d/sub/',
      '/d/sub/c=',
    ]);
    assert.deepEqual(await shown(lower, [{ path: '.wh.d' }, { path: 'd/x' }]), ['/d/', '/d/x=']);
    assert.deepEqual(await shown(lower, [{ path: 'd/x' }, { path: '.wh.d' }]), ['/d/', '/d/x=']);
  });

  it('brings nothing back that a layer between has hidden', async () => {
    assert.deepEqual(await shown(lower, [{ path: '.wh.d' }], [{ path: 'd/' }]), ['/d/']);
  });

  it('hides through links, and nothing where nothing is', async () => {
    assert.deepEqual(await shown([{ path: 'usr/x' }, { path: 'l', linkTarget: 'usr' }], [{ path: 'l/.wh.x' }]), [
      '/l->usr',
      '/usr/',
    ]);
    assert.deepEqual(await shown([{ path: 'a' }], [{ path: 'none/.wh.x' }, { path: '.wh.none' }]), ['/a=']);
  });

  it('leaves out what AUFS wrote for itself', async () => {
    assert.deepEqual(await shown([{ path: '.wh..wh.plnk/1' }, { path: '.wh..wh.aufs' }, { path: 'a' }]), ['/a=']);
  });
});

describe('treeOf keeps hard links', () => {
  const linked = [
    { path: 'a', content: 'x', mode: 0o755 },
    { path: 'b', type: 'hardlink', linkTarget: './a' } as const,
  ];

  it('shows two names of one file', async () => {
    const tree = await treeFrom(linked);
    const [a, b] = [await nodeAt(tree, '/a'), await nodeAt(tree, '/b')];
    assert.deepEqual(await show(tree), ['/a=x', '/b=x']);
    assert.ok(a?.identity);
    assert.deepEqual([a.identity, 0o755], [b?.identity, b?.mode]);
  });

  it('links to a file of a lower layer', async () => {
    const tree = await treeFrom(
      [
        { path: 'usr/a', content: 'x' },
        { path: 'l', linkTarget: 'usr' },
      ],
      [{ path: 'b', type: 'hardlink', linkTarget: 'l/a' }],
    );
    assert.equal((await nodeAt(tree, '/b'))?.identity, (await nodeAt(tree, '/usr/a'))?.identity);
  });

  it('keeps the file when one of its names is taken away, as a file of one name', async () => {
    const tree = await treeFrom(linked, [{ path: '.wh.a' }]);
    assert.deepEqual(await show(tree), ['/b=x']);
    assert.equal((await nodeAt(tree, '/b'))?.identity, undefined);
  });

  it('cannot link to what the same layer has hidden', async () => {
    await assert.rejects(
      treeFrom([{ path: 'a' }], [{ path: '.wh.a' }, { path: 'b', type: 'hardlink', linkTarget: 'a' }]),
      {
        code: 'LAYER_MALFORMED',
      },
    );
  });
});

describe('treeOf finds the contents of compressed layers', () => {
  const large = 'large '.repeat(20_000);
  const specs = [
    { path: 'small', content: 'small' },
    { path: 'large', content: large },
  ];
  const contents = async (tree: FileTree): Promise<string[]> => {
    const nodes = [await nodeAt(tree, '/small'), await nodeAt(tree, '/large')];
    const parts = await Promise.all(nodes.map((node) => node && readAt(node.content, 2, 7)));
    const wholes = await Promise.all(nodes.map((node) => node && readAll(node.content, 1e6)));
    return [...parts, ...wholes].map((part) => Buffer.from(part ?? []).toString());
  };
  const want = ['all', 'rge lar', 'small', large];

  it('by reading the layer again, for what is large', async () => {
    const layer = await makeGzipLayer(specs);
    const tree = await treeOf({ layers: [layer] });
    assert.deepEqual(await contents(tree), want);
    assert.equal(layer.opened(), 3, 'once for the names, once for the piece, once for the whole');
    tree.close();
  });

  it('by reading the layer once for many pieces of one file', async () => {
    const layer = await makeGzipLayer(specs);
    const node = await nodeAt(await treeOf({ layers: [layer] }), '/large');
    for (let at = 0; at < 50; at++) await node?.content.readAt?.(at, 1);
    assert.equal(layer.opened(), 2);
  });

  it('by putting the layer by, when many files are wanted', async () => {
    const many = Array.from({ length: 9 }, (_, at) => ({ path: `${at}`, content: `${at}${large}` }));
    const layer = await makeGzipLayer(many);
    const tree = await treeOf({ layers: [layer] });
    const lines = await Promise.all(many.map(async ({ path }) => (await nodeAt(tree, path))?.content));
    const read = await Promise.all(lines.map(async (source) => source && (await readAll(source, 1e6)).toString()));
    assert.deepEqual(
      read,
      many.map(({ content }) => content),
    );
    assert.ok(layer.opened() <= 4, `opened ${layer.opened()} times`);
    tree.close();
  });

  it('in a file without a name, when it is given a directory', async () => {
    const spool = mkdtempSync(join(tmpdir(), 'spool-test-'));
    const layers = [await makeGzipLayer([{ path: 'below', content: large }]), await makeGzipLayer(specs)];
    const tree = await treeOf({ layers }, { spool });
    assert.deepEqual(readdirSync(spool), []);
    assert.deepEqual(await contents(tree), want);
    assert.deepEqual(
      layers.map((layer) => layer.opened()),
      [1, 1],
    );
    tree.close();
    rmSync(spool, { recursive: true });
  });

  it('shows each entry to a visitor with its bytes, hidden ones too', async () => {
    const layers = [await makeGzipLayer(specs), await makeLayer([{ path: '.wh.small' }])];
    const seen: string[] = [];
    await treeOf(
      { layers },
      {
        onEntry: async ({ layer, path, body }) => {
          let size = 0;
          for await (const chunk of body) size += chunk.length;
          seen.push(`${layer} ${path} ${size}`);
        },
      },
    );
    assert.deepEqual(seen, ['0 /small 5', `0 /large ${large.length}`, '1 /.wh.small 0']);
  });
});

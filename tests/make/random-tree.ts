import fc from 'fast-check';
import { type ImagePath, imagePath, readAll } from '../../src/kit/index.ts';
import { type FileTree, type LiteralNode, literalTree, walk } from '../../src/rootfs/index.ts';

type Nested = { readonly [name: string]: Nested | LiteralNode };

const names = fc.constantFrom('a', 'b', 'c', 'ü', 'a.b', `x${String.fromCharCode(0xdcfe)}`);
const metadata = fc.record({
  mode: fc.constantFrom(0o644, 0o755, 0o4755),
  uid: fc.constantFrom(0, 1000),
  mtimeSeconds: fc.constantFrom(0, 7),
});
const file = fc
  .tuple(metadata, fc.constantFrom('', 'x', 'y', 'long'.repeat(300)))
  .map(([fields, content]) => ({ ...fields, content }));
const others: fc.Arbitrary<LiteralNode> = fc.oneof(
  { weight: 4, arbitrary: file },
  { weight: 2, arbitrary: fc.constantFrom('a', '../b', '/c/a').map((linkTarget) => ({ linkTarget })) },
  fc.constant<LiteralNode>({ kind: 'fifo' }),
  fc.constant<LiteralNode>({ kind: 'block-device', device: { major: 8, minor: 300 } }),
  file.map((node) => ({ ...node, xattrs: new Map([['user.x', Buffer.of(0, 255, 10)]]) })),
);
// Names of one file: which one, told apart from what it holds below.
const linked: fc.Arbitrary<LiteralNode> = fc.constantFrom('1', '2').map((identity) => ({ identity }));

const { tree: nested } = fc.letrec<{ tree: Nested }>((tie) => ({
  tree: fc.dictionary(
    names,
    fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      others,
      linked,
      fc
        .tuple(tie('tree'), metadata)
        .map(([inner, fields]) => ({ ...inner, '/': { ...fields, kind: 'directory' as const } })),
    ),
    { maxKeys: 4 },
  ) as fc.Arbitrary<Nested>,
}));

/** Small trees of all kinds of files, some of which have two names; alike enough that two of them share names. */
export const randomTree: fc.Arbitrary<FileTree> = fc.tuple(nested, file, file).map(([inner, one, two]) => {
  const files: Record<string, LiteralNode> = {};
  flatten(inner, '', files);
  for (const identity of ['1', '2']) {
    const group = Object.keys(files).filter((path) => files[path]?.identity === identity);
    const node = identity === '1' ? one : two;
    for (const path of group) files[path] = group.length > 1 ? { ...node, identity } : node;
  }
  return literalTree(files);
});

function flatten(inner: Nested, prefix: string, files: Record<string, LiteralNode>): void {
  for (const [name, value] of Object.entries(inner)) {
    if (name === '/') files[`${prefix}/`] = value as LiteralNode;
    else if ('/' in value) flatten(value as Nested, `${prefix}/${name}`, files);
    else files[`${prefix}/${name}`] = value as LiteralNode;
  }
}

/** Everything that can be seen of a tree, a line per name; hard links by the first of their names. */
export async function describeTree(tree: FileTree): Promise<string[]> {
  const first = new Map<string, ImagePath>();
  const lines: string[] = [];
  for await (const { path, node } of walk(tree)) {
    const { kind, uid, gid, mtimeSeconds, mtimeNanoseconds, linkTarget, device, identity, xattrs } = node;
    const name = (identity !== undefined && first.get(identity)) || path;
    if (identity !== undefined) first.set(identity, name);
    const time = path === imagePath('/') ? '' : `${mtimeSeconds}.${mtimeNanoseconds}`;
    const content = kind === 'file' ? (await readAll(node.content, 1e6)).toString('latin1') : '';
    const attributes = [...xattrs].map(([key, value]) => `${key}=${Buffer.from(value).toString('hex')}`);
    const mode = kind === 'symlink' ? '' : node.mode.toString(8);
    lines.push(JSON.stringify([path, kind, mode, uid, gid, time, linkTarget, device, attributes, content, name]));
  }
  return lines;
}

import { childPath, type ImagePath, readAll, rootPath } from '../kit/index.ts';
import { resolve } from './resolve.ts';
import type { FileNode, FileTree } from './tree.ts';

const notWalked = new WeakMap<FileTree, ReadonlySet<ImagePath>>();

/** Lets `walk` show these directories of `tree`, but nothing in them. */
export const doNotWalk = (tree: FileTree, paths: readonly ImagePath[]): void =>
  void notWalked.set(tree, new Set(paths));

/** One name in a tree and what it stands for. */
export interface TreeEntry {
  readonly path: ImagePath;
  readonly node: FileNode;
}

/**
 * Every name from `from` on, itself first: a directory before what is in it, the names in it sorted by their bytes.
 * Follows no symlink; nothing when `from` is no exact name.
 */
export async function* walk(tree: FileTree, from: ImagePath = rootPath): AsyncGenerator<TreeEntry> {
  const skipped = notWalked.get(tree);
  const waiting = [from];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const node = await tree.lookup(path);
    if (node === undefined) continue;
    yield { path, node };
    if (node.kind !== 'directory' || skipped?.has(path)) continue;
    const names = await tree.list(path);
    for (let at = names.length - 1; at >= 0; at--) waiting.push(childPath(path, names[at] ?? ''));
  }
}

/**
 * The bytes of the file that `path` leads to, symlinks followed; undefined when there is none.
 * @throws {Fault} TOO_LARGE beyond `limitBytes`.
 */
export async function readFile(tree: FileTree, path: string, limitBytes: number): Promise<Buffer | undefined> {
  const found = await resolve(tree, path);
  if (!found.found || found.node.kind !== 'file') return undefined;
  return readAll(found.node.content, limitBytes);
}

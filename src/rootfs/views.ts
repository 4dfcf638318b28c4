import type { ImagePath } from '../kit/index.ts';
import type { FileNode, FileTree } from './tree.ts';

/** A view of `tree` in which each node is what `change` makes of it: other owners, modes, xattrs. Its kind must stay. */
export const withNodes = (tree: FileTree, change: (path: ImagePath, node: FileNode) => FileNode): FileTree => ({
  list: (path) => tree.list(path),
  lookup: async (path) => {
    const node = await tree.lookup(path);
    return node && change(path, node);
  },
});

/**
 * A view of `tree` in which each node has the time that `secondsOf` gives it, in whole seconds.
 * One number for all makes layers reproducible; what must keep its time (the source whose time a .pyc records)
 * is the function's to know.
 */
export const withTimes = (tree: FileTree, secondsOf: (path: ImagePath, node: FileNode) => number): FileTree =>
  withNodes(tree, (path, node) => ({ ...node, mtimeSeconds: secondsOf(path, node), mtimeNanoseconds: 0 }));

import type { ImagePath } from '../kit/index.ts';
import { sortNames } from './names.ts';
import { impliedDirectory } from './node.ts';
import type { FileNode, FileTree } from './tree.ts';

/** A name in a tree held in memory; `children` is there for directories only. */
export interface Entry {
  node: FileNode;
  children: Map<string, Entry> | undefined;
  /** Number of the last layer that wrote it or something below it; 0 where there are no layers. */
  layer: number;
}

export const makeEntry = (node: FileNode): Entry => ({
  node,
  children: node.kind === 'directory' ? new Map() : undefined,
  layer: 0,
});

/** A view of `root` and what hangs on it, which must not change any more. */
export function memoryTree(root: Entry): FileTree {
  const sorted = new Map<Entry, readonly string[]>();
  const namesIn = (entry: Entry): readonly string[] => {
    const names = sorted.get(entry) ?? sortNames([...(entry.children?.keys() ?? [])]);
    sorted.set(entry, names);
    return names;
  };
  return {
    lookup: async (path) => findEntry(root, path)?.node,
    list: async (path) => {
      const entry = findEntry(root, path);
      return entry?.children === undefined ? [] : namesIn(entry);
    },
  };
}

/** The entry of exactly this name. */
export function findEntry(root: Entry, path: ImagePath): Entry | undefined {
  if (path === '/') return root;
  let entry: Entry | undefined = root;
  for (let from = 1; entry !== undefined && from <= path.length; ) {
    const slash = path.indexOf('/', from);
    const to = slash === -1 ? path.length : slash;
    entry = entry.children?.get(path.slice(from, to));
    from = to + 1;
  }
  return entry;
}

/** Puts `node` at `path`, with the directories before it that are missing; in a directory that is there already, what it holds stays. */
export function putNode(root: Entry, path: ImagePath, node: FileNode): void {
  let entry = root;
  for (const name of path.split('/').slice(1)) {
    if (name === '') break;
    entry.children ??= new Map();
    let next = entry.children.get(name);
    if (next === undefined) {
      next = makeEntry(impliedDirectory);
      entry.children.set(name, next);
    }
    entry = next;
  }
  entry.node = node;
  if (node.kind === 'directory') entry.children ??= new Map();
  else entry.children = undefined;
}

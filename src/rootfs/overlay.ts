import { ancestorsOf, type ImagePath } from '../kit/index.ts';
import { sortNames } from './names.ts';
import type { FileNode, FileTree } from './tree.ts';

interface Parts {
  readonly base: FileTree;
  readonly top: FileTree;
}

const partsOf = new WeakMap<FileTree, Parts>();

/**
 * A view of `top` laid over `base`, as the kernel's overlay shows them: directories of both merge and are described
 * by `top`, all else of `top` hides what `base` has of that name. Nothing of `base` is taken away otherwise.
 */
export function overlay(base: FileTree, top: FileTree): FileTree {
  const lookup = async (path: ImagePath): Promise<FileNode | undefined> => {
    const above = await top.lookup(path);
    if (above !== undefined) return inTree(above, 'top');
    if (await isHidden(top, path)) return undefined;
    return inTree(await base.lookup(path), 'base');
  };
  const list = async (path: ImagePath): Promise<readonly string[]> => {
    const above = await top.lookup(path);
    if (above !== undefined && above.kind !== 'directory') return [];
    if (above === undefined) return (await isHidden(top, path)) ? [] : base.list(path);
    return sortNames([...new Set([...(await base.list(path)), ...(await top.list(path))])]);
  };
  const tree = { lookup, list };
  partsOf.set(tree, { base, top });
  return tree;
}

/** What `tree` shows over `base`, when it was made by `overlay` over this very tree. */
export function topOver(base: FileTree, tree: FileTree): FileTree | undefined {
  const parts = partsOf.get(tree);
  return parts?.base === base ? parts.top : undefined;
}

/** Identities are told apart per tree, and two trees may use the same words. */
const inTree = (node: FileNode | undefined, part: string): FileNode | undefined =>
  node?.identity === undefined ? node : { ...node, identity: `${part} ${node.identity}` };

/** Whether something in `top` that is no directory stands where a parent of `path` would be. */
async function isHidden(top: FileTree, path: ImagePath): Promise<boolean> {
  for (const above of ancestorsOf(path)) {
    const node = await top.lookup(above);
    if (node === undefined) return false;
    if (node.kind !== 'directory') return true;
  }
  return false;
}

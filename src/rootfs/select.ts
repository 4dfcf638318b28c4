import { ancestorsOf, baseName, type ImagePath, parentPath } from '../kit/index.ts';
import { sortNames } from './names.ts';
import type { FileNode, FileTree } from './tree.ts';

export interface SelectOptions {
  /** Directories that come with all that is below them. */
  readonly whole?: Iterable<ImagePath>;
}

/**
 * A view of exactly the files named `paths`, and of the directories that lead to them with their metadata.
 * A directory that is named comes without what is in it. Paths are real ones (`Resolution.path`, `links`):
 * one that leads through a symlink names nothing. What `tree` does not have is left out.
 */
export function selectFiles(tree: FileTree, paths: Iterable<ImagePath>, { whole = [] }: SelectOptions = {}): FileTree {
  const wholeDirectories = new Set(whole);
  const named = new Set<ImagePath>([...paths, ...wholeDirectories]);
  const namesIn = childrenOf(named);
  const isBelowWhole = (path: ImagePath): boolean =>
    wholeDirectories.size > 0 && ancestorsOf(path).some((above) => wholeDirectories.has(above));

  const lookup = async (path: ImagePath): Promise<FileNode | undefined> => {
    const isParent = namesIn.has(path);
    if (!isParent && !named.has(path) && !isBelowWhole(path)) return undefined;
    const node = await tree.lookup(path);
    return node?.kind === 'directory' || !isParent || named.has(path) ? node : undefined;
  };
  const list = async (path: ImagePath): Promise<readonly string[]> => {
    if (wholeDirectories.has(path) || isBelowWhole(path)) return tree.list(path);
    const found: string[] = [];
    for (const child of namesIn.get(path) ?? []) {
      if ((await lookup(child)) !== undefined) found.push(baseName(child));
    }
    return sortNames(found);
  };
  return { lookup, list };
}

/** For each directory that leads to one of `named`, what is chosen in it. The root is always among them. */
function childrenOf(named: ReadonlySet<ImagePath>): ReadonlyMap<ImagePath, ReadonlySet<ImagePath>> {
  const children = new Map<ImagePath, Set<ImagePath>>([['/' as ImagePath, new Set()]]);
  for (const path of named) {
    for (let child = path; child !== '/'; child = parentPath(child)) {
      const siblings = children.get(parentPath(child));
      if (siblings?.has(child)) break;
      if (siblings) siblings.add(child);
      else children.set(parentPath(child), new Set([child]));
    }
  }
  return children;
}

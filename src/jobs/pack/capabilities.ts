import type { NeededFile } from '../../facts/needs/index.ts';
import type { ImagePath } from '../../kit/index.ts';
import { type FileTree, hostXattrs, mayHaveCapabilities, type TreeEntry, withNodes } from '../../rootfs/index.ts';

/** `tree`, which is the directory `directory`, with the file capabilities of those among `files` that have some. */
export async function withCapabilities(
  tree: FileTree,
  directory: string,
  files: readonly NeededFile[],
): Promise<FileTree> {
  const candidates: TreeEntry[] = [];
  for (const { path } of files) {
    const node = await tree.lookup(path);
    if (node !== undefined && mayHaveCapabilities(path, node)) candidates.push({ path, node });
  }
  const found = await hostXattrs(directory, candidates);
  if (found.size === 0) return tree;
  return withNodes(tree, (path: ImagePath, node) => {
    const xattrs = found.get(path);
    return xattrs === undefined ? node : { ...node, xattrs: new Map([...node.xattrs, ...xattrs]) };
  });
}

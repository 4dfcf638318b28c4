import type { NeededFile } from '../../facts/needs/index.ts';
import { compareNames } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import type { PackedFile } from './types.ts';

/** The files with what `tree` says of each, sorted by path; what it does not have is left out. */
export async function describeFiles(tree: FileTree, files: readonly NeededFile[]): Promise<PackedFile[]> {
  const described = new Map<string, PackedFile>();
  for (const file of files) {
    const node = await tree.lookup(file.path);
    if (node !== undefined) described.set(file.path, { ...file, kind: node.kind, sizeBytes: node.sizeBytes });
  }
  return [...described.values()].sort((a, b) => compareNames(a.path, b.path));
}

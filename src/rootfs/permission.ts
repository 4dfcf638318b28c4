import type { Credentials, FileNode } from './tree.ts';

const read = 4;
const execute = 1;

/** Whether the kernel lets these credentials execute the file, or search the directory (inode_permission). */
export function mayExecute(node: FileNode, as: Credentials): boolean {
  // CAP_DAC_OVERRIDE goes past every bit but this: somebody must be allowed to execute a file.
  if (as.uid === 0) return node.kind === 'directory' || (node.mode & 0o111) !== 0;
  return allows(node, as, execute);
}

/** Whether the kernel lets these credentials read the file, or list the directory. */
export const mayRead = (node: FileNode, as: Credentials): boolean => as.uid === 0 || allows(node, as, read);

/** Only the first class that fits counts: an owner without a bit does not get it from the group. */
function allows(node: FileNode, as: Credentials, bit: number): boolean {
  if (node.uid === as.uid) return ((node.mode >> 6) & bit) !== 0;
  if (as.gids.includes(node.gid)) return ((node.mode >> 3) & bit) !== 0;
  return (node.mode & bit) !== 0;
}

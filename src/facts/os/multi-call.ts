import { baseName, childPath, parentPath } from '../../kit/index.ts';
import type { FileTree, Resolution } from '../../rootfs/index.ts';

const names = ['busybox', 'toybox'];

/**
 * Whether a command is one of many in one file, and of which: it shows by what links lead to, or by the hard link
 * with a telling name beside it.
 */
export async function findMultiCall(
  tree: FileTree,
  { path, node }: Pick<Extract<Resolution, { found: true }>, 'path' | 'node'>,
): Promise<string | undefined> {
  const own = baseName(path);
  const byName = names.find((name) => own.startsWith(name));
  if (byName !== undefined || node.identity === undefined) return byName;
  for (const name of names) {
    const other = await tree.lookup(childPath(parentPath(path), name));
    if (other?.identity === node.identity) return name;
  }
  return undefined;
}

import { type FileTree, type Resolution, resolve } from '../../rootfs/index.ts';
import { findMultiCall } from './multi-call.ts';

type Found = Extract<Resolution, { found: true }>;

/** Commands that every collection of everyday commands has. */
const everyday = ['ls', 'cat', 'cp', 'env'];
const folders = ['/bin', '/usr/bin', '/busybox'];

/** Who gives the everyday commands: `busybox`, `toybox`, `uutils`, `coreutils`; undefined for nobody. */
export async function findCommands(tree: FileTree): Promise<string | undefined> {
  for (const folder of folders) {
    const found = await fileAt(tree, folder, everyday);
    if (found !== undefined) return giverOf(tree, found);
  }
  for (const name of ['busybox', 'toybox']) {
    for (const folder of folders) if ((await fileAt(tree, folder, [name])) !== undefined) return name;
  }
  return undefined;
}

async function fileAt(tree: FileTree, folder: string, names: readonly string[]): Promise<Found | undefined> {
  for (const name of names) {
    const found = await resolve(tree, `${folder}/${name}`);
    if (found.found && found.node.kind === 'file') return found;
  }
  return undefined;
}

async function giverOf(tree: FileTree, found: Found): Promise<string> {
  if (/\/(uutils|cargo)\//.test(found.path)) return 'uutils';
  return (await findMultiCall(tree, found)) ?? 'coreutils';
}

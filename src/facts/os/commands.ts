import { baseName, type ImagePath } from '../../kit/index.ts';
import { type FileTree, type Resolution, resolve } from '../../rootfs/index.ts';

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

/** One file with many names shows by what the links lead to, or by the hard link with a telling name. */
async function giverOf(tree: FileTree, found: Found): Promise<string> {
  if (/\/(uutils|cargo)\//.test(found.path)) return 'uutils';
  const byName = /^(busybox|toybox)/.exec(baseName(found.path))?.[1];
  if (byName !== undefined) return byName;
  for (const name of ['busybox', 'toybox']) {
    if (await isHardLink(tree, found, name)) return name;
  }
  return 'coreutils';
}

async function isHardLink(tree: FileTree, found: Found, name: string): Promise<boolean> {
  if (found.node.identity === undefined) return false;
  const folder = found.path.slice(0, found.path.lastIndexOf('/'));
  const other = await tree.lookup(`${folder}/${name}` as ImagePath);
  return other?.identity === found.node.identity;
}

import { childPath, type ImagePath, imagePath } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { readSmall } from '../read.ts';
import { parseControl } from './control.ts';
import { listedDatabase } from './listed.ts';
import type { Package, PackageDatabase } from './types.ts';

const folder = imagePath('/var/lib/dpkg/status.d');
const limitBytes = 4 * 1024 * 1024;

/** Distroless images: one control paragraph per package, and its files in NAME.md5sums. */
export async function statusFolderDatabase(tree: FileTree): Promise<PackageDatabase | undefined> {
  const names = (await tree.list(folder)).filter((name) => !name.endsWith('.md5sums'));
  if (names.length === 0) return undefined;
  const files = new Map<Package, ImagePath[]>();
  for (const name of names) {
    const control = await readSmall(tree, childPath(folder, name), limitBytes);
    const found = control === undefined ? undefined : parseControl(control.toString('utf8'));
    const sums = await readSmall(tree, childPath(folder, `${name}.md5sums`), limitBytes);
    if (found !== undefined) files.set(found, filesIn(sums?.toString('utf8') ?? ''));
  }
  return listedDatabase({ kind: 'dpkg', path: folder, packages: [...files.keys()], files: async () => files });
}

const filesIn = (sums: string): ImagePath[] =>
  sums
    .split('\n')
    .map((line) => /^[0-9a-f]{32}\s+\*?(.+)$/.exec(line)?.[1])
    .filter((name) => name !== undefined)
    .map(imagePath);

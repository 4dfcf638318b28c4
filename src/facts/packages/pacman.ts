import { childPath, type ImagePath, imagePath } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { readSmall } from '../read.ts';
import { listedDatabase } from './listed.ts';
import type { Package, PackageDatabase } from './types.ts';

const folder = imagePath('/var/lib/pacman/local');
const limitBytes = 16 * 1024 * 1024;
const mostPackages = 20_000;

/** pacman's record: a directory for each package with `desc` and `files`, in blocks headed `%NAME%`. */
export async function pacmanDatabase(tree: FileTree): Promise<PackageDatabase | undefined> {
  const folders = new Map<Package, ImagePath>();
  for (const name of (await tree.list(folder)).slice(0, mostPackages)) {
    const path = childPath(folder, name);
    const desc = await readSmall(tree, `${path}/desc`, limitBytes);
    const found = desc && packageOf(blocksOf(desc.toString('utf8')));
    if (found !== undefined) folders.set(found, path);
  }
  if (folders.size === 0) return undefined;
  const files = async () => {
    const found = new Map<Package, ImagePath[]>();
    for (const [owner, path] of folders) {
      const list = await readSmall(tree, `${path}/files`, limitBytes);
      found.set(owner, (blocksOf(list?.toString('utf8') ?? '').get('FILES') ?? []).map(imagePath));
    }
    return found;
  };
  return listedDatabase({ kind: 'pacman', path: folder, packages: [...folders.keys()], files });
}

/** The lines below each `%HEAD%`, to the next blank one. */
function blocksOf(text: string): Map<string, string[]> {
  const blocks = new Map<string, string[]>();
  let block: string[] | undefined;
  for (const line of text.split('\n')) {
    const head = /^%([A-Z0-9]+)%$/.exec(line)?.[1];
    if (line === '') block = undefined;
    else if (head === undefined) block?.push(line);
    else {
      block = [];
      blocks.set(head, block);
    }
  }
  return blocks;
}

function packageOf(blocks: ReadonlyMap<string, readonly string[]>): Package | undefined {
  const first = (head: string): string => blocks.get(head)?.[0] ?? '';
  const names = (head: string): string[] => (blocks.get(head) ?? []).map((line) => line.split(/[<>=:]/)[0] ?? '');
  const name = first('NAME');
  if (name === '') return undefined;
  const size = Number(first('SIZE'));
  return {
    name,
    version: first('VERSION'),
    architecture: first('ARCH'),
    source: first('BASE') || name,
    essential: false,
    installedBytes: Number.isSafeInteger(size) && size > 0 ? size : undefined,
    depends: names('DEPENDS').map((one) => [one]),
    recommends: [],
    suggests: names('OPTDEPENDS').map((one) => [one]),
    provides: names('PROVIDES'),
  };
}

import { type ImagePath, imagePath } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { readSmall } from '../read.ts';
import { apkDatabase } from './apk.ts';
import { dpkgDatabase } from './dpkg.ts';
import { statusFolderDatabase } from './status-folder.ts';
import type { PackageDatabase } from './types.ts';

const limitBytes = 128 * 1024 * 1024;

const known = new WeakMap<FileTree, Promise<PackageDatabase | undefined>>();

/**
 * The package database of a tree, undefined where there is none; the same one for each question about a tree.
 * dpkg's goes before apk's before rpm's.
 */
export function packagesOf(tree: FileTree): Promise<PackageDatabase | undefined> {
  const found = known.get(tree) ?? findDatabase(tree);
  known.set(tree, found);
  return found;
}

async function findDatabase(tree: FileTree): Promise<PackageDatabase | undefined> {
  const status = await readSmall(tree, '/var/lib/dpkg/status', limitBytes);
  if (status !== undefined && status.length > 0) return dpkgDatabase(tree, status.toString('latin1'));
  const folder = await statusFolderDatabase(tree);
  if (folder !== undefined) return folder;
  for (const path of ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']) {
    const installed = await readSmall(tree, path, limitBytes);
    if (installed !== undefined) return apkDatabase(imagePath(path), installed.toString('utf8'));
  }
  return findRpm(tree);
}

/** rpm's record in its three formats: sqlite, ndb, Berkeley DB. */
async function findRpm(tree: FileTree): Promise<PackageDatabase | undefined> {
  for (const folder of ['/usr/lib/sysimage/rpm', '/var/lib/rpm']) {
    for (const name of ['rpmdb.sqlite', 'Packages.db', 'Packages']) {
      const path = imagePath(`${folder}/${name}`);
      if ((await tree.lookup(path)) !== undefined) return unreadable(path);
    }
  }
  return undefined;
}

const unreadable = (path: ImagePath): PackageDatabase => ({
  kind: 'rpm',
  path,
  readable: false,
  all: async () => [],
  find: async () => undefined,
  builtFrom: async () => [],
  ownerOf: async () => undefined,
  owns: async () => false,
  filesOf: async () => [],
});

import { imagePath } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { readSmall } from '../read.ts';
import { apkDatabase } from './apk.ts';
import { dpkgDatabase, type StatusPlace } from './dpkg.ts';
import { pacmanDatabase } from './pacman.ts';
import { rpmDatabase } from './rpm.ts';
import { statusFolderDatabase } from './status-folder.ts';
import type { PackageDatabase } from './types.ts';

const limitBytes = 128 * 1024 * 1024;

const known = new WeakMap<FileTree, Promise<PackageDatabase | undefined>>();

/**
 * The package database of a tree, undefined where there is none; the same one for each question about a tree.
 * dpkg's goes before apk's, rpm's, pacman's and opkg's.
 */
export function packagesOf(tree: FileTree): Promise<PackageDatabase | undefined> {
  const found = known.get(tree) ?? findDatabase(tree);
  known.set(tree, found);
  return found;
}

async function findDatabase(tree: FileTree): Promise<PackageDatabase | undefined> {
  return (
    (await statusDatabase(tree, { kind: 'dpkg', folder: '/var/lib/dpkg' })) ??
    (await statusFolderDatabase(tree)) ??
    (await findApk(tree)) ??
    (await rpmDatabase(tree)) ??
    (await pacmanDatabase(tree)) ??
    (await statusDatabase(tree, { kind: 'opkg', folder: '/usr/lib/opkg' })) ??
    (await statusDatabase(tree, { kind: 'opkg', folder: '/var/lib/opkg' }))
  );
}

async function statusDatabase(tree: FileTree, place: StatusPlace): Promise<PackageDatabase | undefined> {
  const status = await readSmall(tree, `${place.folder}/status`, limitBytes);
  if (status === undefined || status.length === 0) return undefined;
  return dpkgDatabase(tree, place, status.toString('latin1'));
}

async function findApk(tree: FileTree): Promise<PackageDatabase | undefined> {
  for (const path of ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']) {
    const installed = await readSmall(tree, path, limitBytes);
    if (installed !== undefined) return apkDatabase(imagePath(path), installed.toString('utf8'));
  }
  return undefined;
}

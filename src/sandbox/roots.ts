import { chmodSync, existsSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Image } from '../image/index.ts';
import { errnoOf, Fault, hexOf } from '../kit/index.ts';
import { materialise, treeOf } from '../rootfs/index.ts';
import { inUserNamespace, mayChown } from './host.ts';
import { findOrphan, ownedName } from './owner.ts';

export interface RootOptions {
  /** Where the files of images are kept, one directory per manifest digest; made when it is missing. */
  readonly rootsDir: string;
  readonly signal?: AbortSignal;
}

/**
 * The directory with an image's files, unpacked when it is not there yet. Nobody ever writes to it, so any number
 * of runs can share it; several processes that unpack at once do no harm, and half of one is never seen.
 * @throws {Fault} what reading the image's layers throws; SYSTEM when the disk refuses; ABORTED
 */
export async function rootOf(image: Image, { rootsDir, signal }: RootOptions): Promise<string> {
  const root = join(rootsDir, hexOf(image.digest));
  if (existsSync(root)) return root;
  // Nobody else may reach set-user-id programs of an image through here.
  mkdirSync(rootsDir, { recursive: true, mode: 0o700 });
  removeOrphans(rootsDir);
  const unfinished = join(rootsDir, ownedName('new'));
  mkdirSync(unfinished, { mode: 0o755 });
  try {
    await unpack(image, unfinished, signal);
    moveInto(unfinished, root);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return root;
}

async function unpack(image: Image, directory: string, signal: AbortSignal | undefined): Promise<void> {
  const options = signal === undefined ? {} : { signal };
  const tree = await treeOf(image, options);
  try {
    const devices = inUserNamespace() ? 'skip' : 'make';
    await materialise(tree, directory, { ...options, devices, owners: mayChown() });
    // An image may close its own root to all but root; docker pays no attention to that, and programs rely on it.
    chmodSync(directory, 0o755);
  } finally {
    tree.close();
  }
}

function moveInto(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (cause) {
    // Another process was faster; its files are the same.
    if (['EEXIST', 'ENOTEMPTY'].includes(errnoOf(cause) ?? '')) return;
    throw new Fault('SYSTEM', `${to} cannot be made`, { cause });
  }
}

/**
 * Removes unpacked files of images that `isKept` (given the manifest's digest in hexadecimal) does not want and that
 * no run uses now. What cannot be removed, as files of other users, stays.
 */
export function removeUnusedRoots(stateDir: string, isKept: (hex: string) => boolean): void {
  const rootsDir = join(stateDir, 'roots');
  const runsDir = join(stateDir, 'runs');
  const used = new Set(namesIn(runsDir).map((name) => targetOf(join(runsDir, name, 'lower'))));
  for (const name of namesIn(rootsDir)) {
    const root = join(rootsDir, name);
    if (/^[0-9a-f]{64,128}$/.test(name) && !isKept(name) && !used.has(root)) removeQuietly(root);
  }
}

function removeQuietly(root: string): void {
  try {
    // Out of the way first: nobody shall begin to use half of it.
    const condemned = join(dirname(root), ownedName('old'));
    renameSync(root, condemned);
    rmSync(condemned, { recursive: true, force: true });
  } catch {
    // Its next owner's process takes it for a leftover.
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

function namesIn(directory: string): string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

function removeOrphans(rootsDir: string): void {
  for (const name of readdirSync(rootsDir)) {
    if (findOrphan(name) !== undefined) rmSync(join(rootsDir, name), { recursive: true, force: true });
  }
}

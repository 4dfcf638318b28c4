import { type Elf, parseElf, runsOn } from '../../formats/elf/index.ts';
import { baseName, childPath, type ImagePath, imagePath, isFault, readAt } from '../../kit/index.ts';
import { type FileNode, type FileTree, type Resolution, resolve } from '../../rootfs/index.ts';
import type { Closure } from '../loader/index.ts';

/** A C library that programs of a tree are run with. */
export interface Libc {
  readonly kind: 'glibc' | 'musl' | 'uclibc';
  /** As the library itself tells it: `2.36`, `1.2.5`. */
  readonly version: string | undefined;
  /** The real path. */
  readonly path: ImagePath;
}

const folders = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib'].map(imagePath);
/** Directories of one ABI below a library directory: x86_64-linux-gnu, arm-linux-gnueabihf, x86_64-linux-musl. */
const isMultiarch = /^[a-z0-9_]+-linux-[a-z0-9]+$/;
const isLibc = /^(libc\.so\.[0-9.]+|libc-2\.\d+\.so|ld-musl-[a-z0-9_-]+\.so\.1|libuClibc-[\d.]+\.so|libc\.so)$/;
const mostCandidates = 64;
const sliceBytes = 256 * 1024;
const limitBytes = 16 * 1024 * 1024;

type Found = Extract<Resolution, { found: true }>;

/**
 * The libc of a tree: the one that `closures` load where they load one, else the first of the usual places for machines
 * of `architecture` (OCI's name), else the first for any. undefined where there is none, as beside static programs.
 */
export async function findLibc(
  tree: FileTree,
  architecture: string,
  closures: readonly Closure[],
): Promise<Libc | undefined> {
  const others: Found[] = [];
  for await (const path of candidates(tree, closures)) {
    const found = await resolve(tree, path);
    const elf = found.found && found.node.kind === 'file' ? await elfOf(found.node) : undefined;
    if (!found.found || elf === undefined) continue;
    const libc = runsOn(elf, architecture) ? await judge(found) : undefined;
    if (libc !== undefined) return libc;
    others.push(found);
  }
  for (const other of others) {
    const libc = await judge(other);
    if (libc !== undefined) return libc;
  }
  return undefined;
}

async function* candidates(tree: FileTree, closures: readonly Closure[]): AsyncGenerator<ImagePath> {
  for (const { objects } of closures) {
    for (const { path, requested } of objects) if (isLibc.test(baseName(imagePath(requested)))) yield path;
  }
  let count = 0;
  for (const path of [...folders, ...(await nixFolders(tree))]) {
    for await (const candidate of candidatesIn(tree, path)) {
      if (++count > mostCandidates) return;
      yield candidate;
    }
  }
}

async function* candidatesIn(tree: FileTree, path: ImagePath): AsyncGenerator<ImagePath> {
  const names = await namesIn(tree, path);
  for (const name of names) if (isLibc.test(name)) yield childPath(path, name);
  for (const folder of names.filter((name) => isMultiarch.test(name))) {
    const inside = childPath(path, folder);
    for (const name of await namesIn(tree, inside)) if (isLibc.test(name)) yield childPath(inside, name);
  }
}

async function nixFolders(tree: FileTree): Promise<ImagePath[]> {
  const store = imagePath('/nix/store');
  const names = await namesIn(tree, store);
  return names.filter((name) => /-(glibc|musl)-\d[\d.-]*$/.test(name)).map((name) => imagePath(`${store}/${name}/lib`));
}

async function namesIn(tree: FileTree, path: ImagePath): Promise<readonly string[]> {
  const found = await resolve(tree, path);
  return found.found ? tree.list(found.path) : [];
}

async function judge({ path, node }: Found): Promise<Libc | undefined> {
  const inName = /^(?:libuClibc|ld\d*-uClibc)-(\d[\d.]*)\.so$/.exec(baseName(path))?.[1];
  if (inName !== undefined) return { kind: 'uclibc', version: inName, path };
  return versionIn(node, path);
}

async function elfOf(node: FileNode): Promise<Elf | undefined> {
  try {
    return await parseElf(node.content);
  } catch (error) {
    if (isFault(error, 'ELF_MALFORMED')) return undefined;
    throw error;
  }
}

/** Banners of glibc (`GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.`) and uClibc need no more. */
const glibcBanner = /GNU C Library [^\0]{0,200}?release version (\d+\.\d+(?:\.\d+)?)/;
/** musl's number stands alone among its strings. */
const muslNumber = /\0([01]\.\d+\.\d+)(?:-git-[^\0]{0,60})?\0/;
/** Longer than any banner, so that one across two slices is seen. */
const overlapBytes = 1024;

async function versionIn(node: FileNode, path: ImagePath): Promise<Libc | undefined> {
  let isMusl = false;
  let muslVersion: string | undefined;
  const end = Math.min(node.sizeBytes, limitBytes);
  for (let at = 0; at < end; at += sliceBytes) {
    const text = Buffer.from(await readAt(node.content, at, sliceBytes + overlapBytes)).toString('latin1');
    const glibc = glibcBanner.exec(text)?.[1];
    if (glibc !== undefined) return { kind: 'glibc', version: glibc, path };
    isMusl ||= text.includes('musl libc (');
    muslVersion ??= muslNumber.exec(text)?.[1];
    if (isMusl && muslVersion !== undefined) break;
  }
  if (isMusl) return { kind: 'musl', version: muslVersion, path };
  const isGlibc = /^libc\.so\.6(\.1)?$|^libc-2\./.test(baseName(path));
  return isGlibc ? { kind: 'glibc', version: /^libc-(2\.\d+)\.so$/.exec(baseName(path))?.[1], path } : undefined;
}

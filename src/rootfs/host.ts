import { type BigIntStats, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { bytesOfText, errnoOf, type ImagePath, imagePath, parentPath, rootPath, textOfBytes } from '../kit/index.ts';
import { HostSource, unreadable } from './host-source.ts';
import { sortNames } from './names.ts';
import { noBytes, noXattrs } from './node.ts';
import type { FileKind, FileNode, FileTree } from './tree.ts';
import { doNotWalk } from './walk.ts';

/** PATH_MAX without its NUL: no system call takes a longer path. */
const longestPath = 4095;

/** What the kernel makes up itself: no files of an installation, and endless to walk. */
const kernelDirectories = ['/proc', '/sys', '/dev'].map(imagePath);

/**
 * The files under the directory `dir` of this machine, read when asked and kept from then on.
 * `dir` itself may be reached through symlinks; none below it is ever followed.
 * What the caller may not look at is as if it were not there; listing a directory that may not be listed
 * and reading a file that may not be read are Faults. File capabilities are left out: see `hostXattrs`.
 * Of the machine's own root, `walk` leaves out what is in /proc, /sys and /dev.
 * @throws {Fault} FILE_NOT_FOUND when `dir` is not there; SYSTEM while reading.
 */
export function hostTree(dir: string): FileTree {
  const root = realRoot(dir);
  const tree = new HostTree(root);
  if (root === '/') doNotWalk(tree, kernelDirectories);
  return tree;
}

class HostTree implements FileTree {
  readonly #prefix: string;
  readonly #nodes = new Map<string, FileNode | undefined>();
  readonly #lists = new Map<string, readonly string[]>();

  constructor(root: string) {
    this.#prefix = root === '/' ? '' : root;
  }

  async lookup(path: ImagePath): Promise<FileNode | undefined> {
    return this.#find(path);
  }

  async list(path: ImagePath): Promise<readonly string[]> {
    if (this.#find(path)?.kind !== 'directory') return [];
    let names = this.#lists.get(path);
    if (names === undefined) {
      names = namesIn(this.#hostPath(path));
      this.#lists.set(path, names);
    }
    return names;
  }

  #find(path: ImagePath): FileNode | undefined {
    const known = this.#nodes.get(path);
    if (known !== undefined || this.#nodes.has(path)) return known;
    if (path.length > longestPath || path.includes('\0')) return undefined;
    const isReachable = path === rootPath || this.#find(parentPath(path))?.kind === 'directory';
    const node = isReachable ? nodeAt(this.#hostPath(path)) : undefined;
    this.#nodes.set(path, node);
    return node;
  }

  #hostPath(path: ImagePath): string | Buffer {
    const full = path === rootPath ? this.#prefix || '/' : this.#prefix + path;
    return /[\udc80-\udcff]/.test(full) ? bytesOfText(full) : full;
  }
}

function realRoot(dir: string): string {
  try {
    return textOfBytes(realpathSync(bytesOfText(dir), { encoding: 'buffer' }));
  } catch (error) {
    throw unreadable(dir, error);
  }
}

function nodeAt(file: string | Buffer): FileNode | undefined {
  try {
    const stats = lstatSync(file, { bigint: true, throwIfNoEntry: false });
    return stats && nodeOf(file, stats);
  } catch (error) {
    if (['EACCES', 'ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EINVAL'].includes(errnoOf(error) ?? ''))
      return undefined;
    throw unreadable(file, error);
  }
}

function nodeOf(file: string | Buffer, stats: BigIntStats): FileNode {
  const kind = kindOf(stats);
  const sizeBytes = kind === 'file' ? Number(stats.size) : 0;
  return {
    kind,
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeSeconds: Number(stats.mtimeNs / 1_000_000_000n) - (stats.mtimeNs % 1_000_000_000n < 0n ? 1 : 0),
    mtimeNanoseconds: Number(((stats.mtimeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n),
    sizeBytes,
    linkTarget: kind === 'symlink' ? textOfBytes(readlinkSync(file, { encoding: 'buffer' })) : '',
    device: kind.endsWith('-device') ? deviceOf(stats.rdev) : undefined,
    xattrs: noXattrs,
    identity: stats.nlink > 1n && kind !== 'directory' ? `${stats.dev}:${stats.ino}` : undefined,
    content: kind === 'file' ? new HostSource(file, sizeBytes) : noBytes,
  };
}

function kindOf(stats: BigIntStats): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symlink';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isBlockDevice() ? 'block-device' : 'character-device';
}

/** glibc's gnu_dev_major and gnu_dev_minor. */
const deviceOf = (rdev: bigint) => ({
  major: Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n)),
  minor: Number((rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n)),
});

/** Names as texts cost a third of names as buffers, and nearly all names are UTF-8. */
function namesIn(dir: string | Buffer): readonly string[] {
  try {
    const names = readdirSync(dir);
    if (!names.some((name) => name.includes('\ufffd'))) return sortNames(names);
    return sortNames(readdirSync(dir, { encoding: 'buffer' }).map(textOfBytes));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
    throw unreadable(dir, error);
  }
}

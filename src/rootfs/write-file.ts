import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  ftruncateSync,
  futimesSync,
  lchownSync,
  lutimesSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { isHole } from '../formats/tar/index.ts';
import { bytesOfText } from '../kit/index.ts';
import { HostSource } from './host-source.ts';
import type { FileNode } from './tree.ts';

type HostPath = string | Buffer;

const created = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const cloned = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE;
const zeros = Buffer.alloc(1 << 16);

/** Makes a file that is not there yet, with content and metadata; a file of the host is copied by the kernel. */
export async function writeFile(file: HostPath, node: FileNode, owners: boolean): Promise<void> {
  if (node.content instanceof HostSource) {
    copyFileSync(node.content.file, file, cloned);
    describe(file, node, owners);
    return;
  }
  const fd = openSync(file, created, 0o600);
  try {
    if (node.sizeBytes > 0) await writeContent(fd, node);
    if (owners) fchownSync(fd, node.uid, node.gid);
    // After the owner: to change that takes set-uid away.
    fchmodSync(fd, node.mode);
    futimesSync(fd, timeOf(node), timeOf(node));
  } finally {
    closeSync(fd);
  }
}

async function writeContent(fd: number, node: FileNode): Promise<void> {
  let at = 0;
  for await (const piece of node.content.open()) {
    if (!isHole(piece) && !isZeros(piece))
      for (let from = 0; from < piece.length; ) from += writeSync(fd, piece, from, null, at + from);
    at += piece.length;
  }
  ftruncateSync(fd, at);
}

/** Zeros need no room on the disk; a sparse file may announce far more of them than the disk has. */
const isZeros = (piece: Uint8Array): boolean =>
  piece.length === zeros.length && piece[0] === 0 && Buffer.compare(piece, zeros) === 0;

/** Makes a symlink that is not there yet. */
export function writeLink(file: HostPath, node: FileNode, owners: boolean): void {
  symlinkSync(bytesOfText(node.linkTarget), file);
  if (owners) lchownSync(file, node.uid, node.gid);
  lutimesSync(file, timeOf(node), timeOf(node));
}

/** Gives a file or directory its owner, mode and time. */
export function describe(file: HostPath, node: FileNode, owners: boolean): void {
  if (owners) chownSync(file, node.uid, node.gid);
  chmodSync(file, node.mode);
  utimesSync(file, timeOf(node), timeOf(node));
}

/**
 * Node takes a negative number for now, but a date before 1970 for what it is. Of other numbers it cuts off what is
 * smaller than a microsecond, so half of them would come out one too small: hence a part of one more.
 */
function timeOf({ mtimeSeconds, mtimeNanoseconds }: FileNode): number | Date {
  if (mtimeSeconds < 0) return new Date(mtimeSeconds * 1000 + mtimeNanoseconds / 1e6);
  return mtimeSeconds + (Math.floor(mtimeNanoseconds / 1000) + 0.4) / 1e6;
}

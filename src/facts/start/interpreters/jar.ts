import { readAt } from '../../../kit/index.ts';
import type { FileNode } from '../../../rootfs/index.ts';

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const endBytes = 22;
/** An end record has a comment of up to this many bytes behind it. */
const longestComment = 65_535;
const entryBytes = 46;
const largestDirectory = 32 * 1024 * 1024;

/**
 * Whether a zip archive lists a file of this name (APPNOTE.TXT, 4.3.12 and 4.3.16).
 * undefined for what is no archive that can be read so: ZIP64, or a directory of unusual size.
 */
export async function hasEntry({ content, sizeBytes }: FileNode, name: string): Promise<boolean | undefined> {
  const tailBytes = Math.min(sizeBytes, endBytes + longestComment);
  const tail = await bytesAt(content, sizeBytes - tailBytes, tailBytes);
  const end = lastEnd(tail);
  if (end === undefined) return undefined;
  const size = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (size > largestDirectory || offset + size > sizeBytes) return undefined;
  const directory = await bytesAt(content, offset, size);
  const wanted = Buffer.from(name);
  for (let at = 0; at + entryBytes <= directory.length && directory.readUInt32LE(at) === entrySignature; ) {
    const nameBytes = directory.readUInt16LE(at + 28);
    if (directory.subarray(at + entryBytes, at + entryBytes + nameBytes).equals(wanted)) return true;
    at += entryBytes + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return false;
}

async function bytesAt(content: FileNode['content'], offset: number, length: number): Promise<Buffer> {
  const bytes = await readAt(content, offset, length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function lastEnd(tail: Buffer): number | undefined {
  for (let at = tail.length - endBytes; at >= 0; at--) if (tail.readUInt32LE(at) === endSignature) return at;
  return undefined;
}

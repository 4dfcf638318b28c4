import { Fault } from '../../kit/index.ts';

export type Compression = 'gzip' | 'zstd' | 'none';

/** Bytes at the beginning of a stream that {@link detectCompression} looks at. */
export const headBytes = 10;

/**
 * How a stream is compressed that begins with `head` (ten bytes, or fewer where it is shorter);
 * `none` for everything unknown.
 * @throws {Fault} UNSUPPORTED for bzip2 and xz, which are known and cannot be read yet.
 * @see RFC 1952, 2.3.1; RFC 8878, 3.1
 */
export function detectCompression(head: Uint8Array): Compression {
  if (startsWith(head, gzipMagic)) return 'gzip';
  if (startsWith(head, zstdMagic) || isSkippableFrame(head)) return 'zstd';
  if (startsWith(head, xzMagic)) throw unsupported('xz');
  if (isBzip2(head)) throw unsupported('bzip2');
  return 'none';
}

/** With the method (deflate), the only one there is. */
const gzipMagic = [0x1f, 0x8b, 0x08];
const zstdMagic = [0x28, 0xb5, 0x2f, 0xfd];
const xzMagic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];

const startsWith = (head: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, index) => head[index] === byte);

/** What a zstd stream may begin with instead of data. */
const isSkippableFrame = (head: Uint8Array): boolean =>
  ((head[0] ?? 0) & 0xf0) === 0x50 && startsWith(head.subarray(1), [0x2a, 0x4d, 0x18]);

/** "BZh", a digit, and the magic of a block (pi) or of an empty stream (its square root). */
function isBzip2(head: Uint8Array): boolean {
  if (!startsWith(head, [0x42, 0x5a, 0x68])) return false;
  const level = head[3] ?? 0;
  const block = head.subarray(4);
  const isBlock =
    startsWith(block, [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) || startsWith(block, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]);
  return level >= 0x31 && level <= 0x39 && isBlock;
}

const unsupported = (name: string): Fault =>
  new Fault('UNSUPPORTED', `the stream is compressed with ${name}, which cannot be read yet`, {
    hint: `Uncompress it first (${name} -d), or compress it with gzip or zstd.`,
  });

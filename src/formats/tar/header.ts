import { textOfBytes } from '../../kit/index.ts';
import { blockSize } from './limits.ts';
import { malformed } from './malformed.ts';
import { parseNumber } from './number.ts';

/** Where each field of a header block stands (POSIX.1-2017, pax, "ustar Interchange Format"). */
export const fields = {
  name: { at: 0, length: 100 },
  mode: { at: 100, length: 8 },
  uid: { at: 108, length: 8 },
  gid: { at: 116, length: 8 },
  size: { at: 124, length: 12 },
  mtime: { at: 136, length: 12 },
  checksum: { at: 148, length: 8 },
  typeFlag: { at: 156, length: 1 },
  linkName: { at: 157, length: 100 },
  magic: { at: 257, length: 8 },
  userName: { at: 265, length: 32 },
  groupName: { at: 297, length: 32 },
  deviceMajor: { at: 329, length: 8 },
  deviceMinor: { at: 337, length: 8 },
  prefix: { at: 345, length: 155 },
} as const;

type Field = (typeof fields)[keyof typeof fields];
type NumberField = 'mode' | 'uid' | 'gid' | 'size' | 'mtime' | 'deviceMajor' | 'deviceMinor';

/** `v7` headers end after the link name; `gnu` ones have other things where `ustar` has the prefix. */
export type Format = 'v7' | 'ustar' | 'gnu';

/** One header block as it stands, before extensions. */
export class RawHeader {
  readonly block: Buffer;
  /** Of the block, in the archive. */
  readonly offset: number;
  readonly format: Format;

  /** @throws {Fault} TAR_MALFORMED when the checksum is wrong. */
  constructor(block: Buffer, offset: number) {
    this.block = block;
    this.offset = offset;
    if (!hasRightChecksum(block)) throw malformed(offset, 'has a header with a wrong checksum');
    this.format = formatOf(block);
  }

  get typeFlag(): number {
    return this.block[fields.typeFlag.at] ?? 0;
  }

  get path(): string {
    const name = textField(this.block, fields.name);
    const prefix = this.format === 'ustar' ? textField(this.block, prefixOf(this.block)) : '';
    return prefix === '' ? name : `${prefix}/${name}`;
  }

  get linkName(): string {
    return textField(this.block, fields.linkName);
  }

  get userName(): string {
    return this.format === 'v7' ? '' : textField(this.block, fields.userName);
  }

  get groupName(): string {
    return this.format === 'v7' ? '' : textField(this.block, fields.groupName);
  }

  /** @throws {Fault} TAR_MALFORMED when the field holds no number, or one beyond 2^53. */
  number(name: NumberField): number {
    const value = parseNumber(this.block, fields[name].at, fields[name].length);
    if (Number.isNaN(value)) throw malformed(this.offset, `has no number in the header field "${name}"`);
    return value;
  }
}

/** A block of zeros stands at the end of an archive. */
export function isZeroBlock(block: Uint8Array): boolean {
  for (let at = 0; at < blockSize; at++) if (block[at] !== 0) return false;
  return true;
}

/** The checksum counts itself as spaces; old writers added bytes as signed numbers. */
function hasRightChecksum(block: Buffer): boolean {
  const want = parseNumber(block, fields.checksum.at, fields.checksum.length);
  const unsigned = checksumOf(block);
  if (want === unsigned) return true;
  let negative = 0;
  for (let at = 0; at < blockSize; at++) {
    const inChecksum = at >= fields.checksum.at && at < fields.typeFlag.at;
    if (!inChecksum && (block[at] ?? 0) > 0x7f) negative++;
  }
  return want === unsigned - 256 * negative;
}

/** The sum of all bytes, those of the checksum field counted as spaces. */
export function checksumOf(block: Uint8Array): number {
  let sum = fields.checksum.length * 0x20;
  for (let at = 0; at < fields.checksum.at; at++) sum += block[at] ?? 0;
  for (let at = fields.typeFlag.at; at < blockSize; at++) sum += block[at] ?? 0;
  return sum;
}

const ustarMagic = 'ustar\0';
const gnuMagic = 'ustar  \0';
/** star's mark in the last four bytes; its prefix is shorter and is followed by times. */
const starTrailer = { at: 508, text: 'tar\0', prefix: { at: 345, length: 131 } };

function formatOf(block: Buffer): Format {
  const magic = block.toString('latin1', fields.magic.at, fields.magic.at + fields.magic.length);
  if (magic.startsWith(ustarMagic)) return 'ustar';
  return magic === gnuMagic ? 'gnu' : 'v7';
}

const prefixOf = (block: Buffer): { at: number; length: number } =>
  block.toString('latin1', starTrailer.at, blockSize) === starTrailer.text ? starTrailer.prefix : fields.prefix;

/** Up to the first NUL; plain ASCII, which nearly every name is, takes the short way. */
function textField(block: Buffer, { at, length }: Field | { at: number; length: number }): string {
  let end = at;
  let seen = 0;
  for (; end < at + length; end++) {
    const byte = block[end] ?? 0;
    if (byte === 0) break;
    seen |= byte;
  }
  if (end === at) return '';
  return seen < 0x80 ? block.toString('latin1', at, end) : textOfBytes(block.subarray(at, end));
}

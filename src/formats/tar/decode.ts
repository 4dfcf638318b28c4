import { bytesOfText, textOfBytes } from '../../kit/index.ts';
import type { TarEntryType, TarHeader } from './entry.ts';
import type { RawHeader } from './header.ts';
import { maxPathBytes } from './limits.ts';
import { malformed } from './malformed.ts';
import { type Instant, parseDecimal, parseInstant } from './number.ts';
import { noRecords, type PaxRecords } from './pax.ts';

/** What stood before a header and speaks of it. */
export interface Extensions {
  /** Of global and local PAX headers, merged. */
  readonly pax: PaxRecords;
  /** GNU long name and long link; they win over PAX, as in Go's archive/tar. */
  readonly longName: string | undefined;
  readonly longLink: string | undefined;
}

export const noExtensions: Extensions = { pax: noRecords, longName: undefined, longLink: undefined };

export interface Decoded {
  readonly header: TarHeader;
  /** Bytes that follow in the archive, without padding. */
  readonly storedBytes: number;
  /** Length of the file as its reader sees it; another one than `storedBytes` where a sparse file says so. */
  readonly realBytes: number;
}

/**
 * The header with its extensions applied; undefined for what is no entry (GNU's volume label and old long names).
 * The size in the header of a sparse file is still that of what is stored.
 * @throws {Fault} TAR_MALFORMED.
 */
export function decodeHeader(raw: RawHeader, { pax, longName, longLink }: Extensions): Decoded | undefined {
  const { values } = pax;
  const text = (key: string): string | undefined => textOf(values, key);
  const path = longName ?? text('GNU.sparse.name') ?? text('path') ?? raw.path;
  const type = typeOf(raw, path);
  if (type === undefined) return undefined;
  const isLink = type === 'symlink' || type === 'hardlink';
  const linkTarget = isLink ? (longLink ?? text('linkpath') ?? raw.linkName) : '';
  checkPath(path, raw.offset);
  checkPath(linkTarget, raw.offset);
  const number = (key: 'size' | 'uid' | 'gid'): number => wholeNumber(raw, values, key);
  const { seconds, nanoseconds } = mtimeOf(raw, values);
  const hasBody = type === 'file' || raw.typeFlag === flag.dumpDirectory;
  const storedBytes = hasBody ? number('size') : 0;
  const header: TarHeader = {
    path,
    type,
    mode: raw.number('mode') & 0o7777,
    uid: number('uid'),
    gid: number('gid'),
    userName: text('uname') ?? raw.userName,
    groupName: text('gname') ?? raw.groupName,
    mtimeSeconds: seconds,
    mtimeNanoseconds: nanoseconds,
    sizeBytes: type === 'file' ? storedBytes : 0,
    linkTarget,
    device: type === 'character-device' || type === 'block-device' ? deviceOf(raw, values) : undefined,
    xattrs: values.size === 0 ? noXattrs : xattrsOf(values),
  };
  return { header, storedBytes, realBytes: realSizeOf(raw, values) ?? storedBytes };
}

type Values = PaxRecords['values'];

/** Type flags that have a meaning beyond POSIX.1-2017's '0' to '7'. */
const flag = { dumpDirectory: 0x44, continued: 0x4d, oldLongName: 0x4e, volumeLabel: 0x56 } as const;

const typesByFlag: ReadonlyMap<number, TarEntryType> = new Map([
  [0x31, 'hardlink'],
  [0x32, 'symlink'],
  [0x33, 'character-device'],
  [0x34, 'block-device'],
  [0x35, 'directory'],
  [0x36, 'fifo'],
  [flag.dumpDirectory, 'directory'],
]);

/** Flags that nobody knows stand for regular files, as POSIX wants. */
function typeOf({ typeFlag, offset }: RawHeader, path: string): TarEntryType | undefined {
  if (typeFlag === flag.volumeLabel || typeFlag === flag.oldLongName) return undefined;
  if (typeFlag === flag.continued) throw malformed(offset, 'goes on with a file that another volume began');
  // v7 has no flag for directories: their name tells
  if (typeFlag === 0 && path.endsWith('/')) return 'directory';
  return typesByFlag.get(typeFlag) ?? 'file';
}

/** An empty value means: as if the record were not there. */
function textOf(values: Values, key: string): string | undefined {
  const value = values.size === 0 ? undefined : values.get(key);
  return value === undefined || value.length === 0 ? undefined : textOfBytes(value);
}

function checkPath(path: string, offset: number): void {
  if (path.length * 3 <= maxPathBytes) return;
  const { length } = bytesOfText(path);
  if (length > maxPathBytes) throw malformed(offset, `has a path of ${length} bytes, more than ${maxPathBytes}`);
}

function wholeNumber(raw: RawHeader, values: Values, key: 'size' | 'uid' | 'gid'): number {
  const text = textOf(values, key);
  const value = text === undefined ? raw.number(key) : parseDecimal(text);
  if (value >= 0) return value;
  throw malformed(raw.offset, `has ${text ?? value} as ${key}, where a whole number belongs`);
}

function realSizeOf({ offset }: RawHeader, values: Values): number | undefined {
  const text = textOf(values, 'GNU.sparse.realsize') ?? textOf(values, 'GNU.sparse.size');
  if (text === undefined) return undefined;
  const value = parseDecimal(text);
  if (value >= 0) return value;
  throw malformed(offset, 'has a broken size of a sparse file');
}

function mtimeOf(raw: RawHeader, values: Values): Instant {
  const text = textOf(values, 'mtime');
  if (text === undefined) return { seconds: raw.number('mtime'), nanoseconds: 0 };
  const instant = parseInstant(text);
  if (instant === undefined) throw malformed(raw.offset, `has ${JSON.stringify(text.slice(0, 40))} as its time`);
  return instant;
}

function deviceOf(raw: RawHeader, values: Values): { major: number; minor: number } {
  const part = (key: string, name: 'deviceMajor' | 'deviceMinor'): number => {
    const text = textOf(values, key);
    const value = text === undefined ? raw.number(name) : parseDecimal(text);
    if (value >= 0) return value;
    throw malformed(raw.offset, 'has a broken device number');
  };
  return { major: part('SCHILY.devmajor', 'deviceMajor'), minor: part('SCHILY.devminor', 'deviceMinor') };
}

const noXattrs: ReadonlyMap<string, Uint8Array> = new Map();
const schily = 'SCHILY.xattr.';
const libarchive = 'LIBARCHIVE.xattr.';

/** Values are copied, since a view would keep the whole chunk of the archive in memory. */
function xattrsOf(values: Values): ReadonlyMap<string, Uint8Array> {
  const xattrs = new Map<string, Uint8Array>();
  for (const [key, value] of values) {
    if (key.startsWith(libarchive)) {
      const name = decodeUrlName(key.slice(libarchive.length));
      if (name !== '' && !values.has(schily + name)) xattrs.set(name, Buffer.from(value.toString('latin1'), 'base64'));
    } else if (key.startsWith(schily) && key !== schily) {
      xattrs.set(key.slice(schily.length), Buffer.from(value));
    }
  }
  return xattrs.size === 0 ? noXattrs : xattrs;
}

/** libarchive writes bytes of a name as `%41` where they are not plain letters. */
function decodeUrlName(name: string): string {
  if (!name.includes('%')) return name;
  const bytes = bytesOfText(name).toString('latin1');
  const decoded = bytes.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return textOfBytes(Buffer.from(decoded, 'latin1'));
}

import { bytesOfText, compareNames, textOfBytes } from '../../kit/index.ts';
import { maxMetadataBytes } from './limits.ts';
import { malformed } from './malformed.ts';

/** What PAX headers say of an entry, by keyword; values are bytes, since those of xattrs are any. */
export interface PaxRecords {
  readonly values: ReadonlyMap<string, Buffer>;
  /** Offsets and lengths in turn, from the repeated keywords of GNU's sparse format 0.0. */
  readonly sparse: readonly string[];
}

export const noRecords: PaxRecords = { values: new Map(), sparse: [] };

/**
 * Reads the records `LENGTH KEYWORD=VALUE\n` (POSIX.1-2017, pax, "pax Extended Header"). Of a keyword that
 * comes twice the last one counts. An empty value stays, and means: as if no record had been given.
 * @throws {Fault} TAR_MALFORMED, with `offset` as the place, for anything else than whole records.
 */
export function parsePax(bytes: Buffer, offset: number): PaxRecords {
  const values = new Map<string, Buffer>();
  const sparse: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const { key, value, end } = parseRecord(bytes, at, offset);
    if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes') {
      const expected = sparse.length % 2 === 0 ? 'GNU.sparse.offset' : 'GNU.sparse.numbytes';
      if (key !== expected) throw malformed(offset, 'has the records of a sparse file in a wrong order');
      sparse.push(value.toString('latin1'));
    } else {
      values.set(key, value);
    }
    at = end;
  }
  return { values, sparse };
}

interface Located {
  readonly key: string;
  readonly value: Buffer;
  readonly end: number;
}

const maxLengthDigits = 8;

function parseRecord(bytes: Buffer, at: number, offset: number): Located {
  const space = bytes.subarray(at, at + maxLengthDigits + 1).indexOf(' ');
  const digits = space < 1 ? '' : bytes.toString('latin1', at, at + space);
  const end = /^\d+$/.test(digits) ? at + Number(digits) : Number.NaN;
  const equals = bytes.indexOf('=', at + space + 1);
  const whole = end <= bytes.length && equals > at + space + 1 && equals < end - 1 && bytes[end - 1] === 0x0a;
  if (!whole) throw malformed(offset, 'has a PAX header with a broken record');
  const key = textOfBytes(bytes.subarray(at + space + 1, equals));
  const value = bytes.subarray(equals + 1, end - 1);
  if (mayHoldNul(key) ? key.includes('\0') : value.includes(0)) {
    throw malformed(offset, `has a NUL in its PAX record ${JSON.stringify(key.slice(0, 80))}`);
  }
  return { key, value, end };
}

/** Names end at a NUL for some readers and not for others, which is a way to show two files in one. */
const mayHoldNul = (key: string): boolean => !['path', 'linkpath', 'uname', 'gname'].includes(key);

/** Records sorted by keyword, so that equal content gives equal bytes. */
export function formatPax(values: ReadonlyMap<string, Uint8Array>): Buffer {
  const sorted = [...values].sort(([a], [b]) => compareNames(a, b));
  return Buffer.concat(sorted.map(([key, value]) => formatRecord(key, value)));
}

function formatRecord(key: string, value: Uint8Array): Buffer {
  const keyword = bytesOfText(key);
  const rest = keyword.length + value.length + ' =\n'.length;
  let length = rest + String(rest).length;
  if (String(length).length + rest !== length) length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} `), keyword, Buffer.from('='), value, Buffer.from('\n')]);
}

/** What a global header adds for all entries that follow it: GNU's sparse records make no sense there. */
export function mergeGlobal(global: PaxRecords, added: PaxRecords, offset: number): PaxRecords {
  const values = new Map(global.values);
  let size = 0;
  for (const [key, value] of added.values) {
    if (value.length === 0) values.delete(key);
    else if (!key.startsWith('GNU.sparse.')) values.set(key, value);
  }
  for (const [key, value] of values) size += key.length + value.length;
  if (size <= maxMetadataBytes) return { values, sparse: [] };
  throw malformed(offset, `brings the global PAX records to more than ${maxMetadataBytes} bytes`);
}

/** What holds for one entry: its own records hide global ones; an empty one hides the global one too. */
export function mergePax(global: PaxRecords, local: PaxRecords): PaxRecords {
  if (global.values.size === 0) return local;
  return { values: new Map([...global.values, ...local.values]), sparse: local.sparse };
}

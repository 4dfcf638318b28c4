import type { TarHeader, TarItem } from '../../src/formats/tar/index.ts';
import { writeTar } from '../../src/formats/tar/index.ts';
import { bytesSource } from '../../src/kit/index.ts';

/** An entry as a test wants to write it: a path and what is special about it. */
export interface TarSpec extends Partial<Omit<TarHeader, 'xattrs'>> {
  readonly path: string;
  readonly content?: string | Uint8Array;
  readonly xattrs?: Readonly<Record<string, string | Uint8Array>> | ReadonlyMap<string, Uint8Array>;
}

/** The item of a spec: a file unless its path ends in a slash or it has a link target or says its type. */
export function tarItem({ content = '', xattrs = {}, ...spec }: TarSpec): TarItem {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const type = spec.type ?? (spec.path.endsWith('/') ? 'directory' : spec.linkTarget ? 'symlink' : 'file');
  const header: TarHeader = {
    mode: type === 'directory' ? 0o755 : type === 'symlink' ? 0o777 : 0o644,
    uid: 0,
    gid: 0,
    userName: '',
    groupName: '',
    mtimeSeconds: 0,
    mtimeNanoseconds: 0,
    sizeBytes: type === 'file' ? bytes.byteLength : 0,
    linkTarget: '',
    device: undefined,
    ...spec,
    type,
    xattrs:
      xattrs instanceof Map ? xattrs : new Map(Object.entries(xattrs).map(([k, v]) => [k, Buffer.from(v as string)])),
  };
  return type === 'file' ? { header, body: bytesSource(bytes) } : { header };
}

/** An archive through our own writer. */
export async function makeTar(specs: readonly TarSpec[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of writeTar(specs.map(tarItem))) parts.push(part);
  return Buffer.concat(parts);
}

/** The fields of a header block by hand, texts as they shall stand; what is left out is as in a sane ustar header. */
export interface RawFields {
  readonly name?: string | Uint8Array;
  readonly mode?: string;
  readonly uid?: string | Uint8Array;
  readonly gid?: string;
  readonly size?: string | number | Uint8Array;
  readonly mtime?: string | Uint8Array;
  readonly typeFlag?: string;
  readonly linkName?: string;
  /** Eight bytes with the version: `ustar\x0000` (the default), `ustar  \0`, or '' for v7. */
  readonly magic?: string;
  readonly userName?: string;
  readonly groupName?: string;
  readonly deviceMajor?: string;
  readonly deviceMinor?: string;
  readonly prefix?: string;
  /** Bytes put over the finished block, by their place, before the checksum is taken. */
  readonly patches?: Readonly<Record<number, string | Uint8Array>>;
  /** Instead of the right one. */
  readonly checksum?: string;
}

/** One header block, with whatever is wrong in it; the checksum is right unless told. */
export function rawHeader(fields: RawFields): Buffer {
  const block = Buffer.alloc(512);
  const put = (at: number, value: string | Uint8Array | undefined): void => {
    if (value !== undefined) block.set(typeof value === 'string' ? Buffer.from(value, 'latin1') : value, at);
  };
  const { size = 0 } = fields;
  put(0, fields.name ?? 'file');
  put(100, fields.mode ?? '0000644');
  put(108, fields.uid ?? '0000000');
  put(116, fields.gid ?? '0000000');
  put(124, typeof size === 'number' ? size.toString(8).padStart(11, '0') : size);
  put(136, fields.mtime ?? '00000000000');
  put(156, fields.typeFlag ?? '0');
  put(157, fields.linkName);
  put(257, fields.magic ?? 'ustar\x0000');
  put(265, fields.userName);
  put(297, fields.groupName);
  put(329, fields.deviceMajor);
  put(337, fields.deviceMinor);
  put(345, fields.prefix);
  for (const [at, value] of Object.entries(fields.patches ?? {})) put(Number(at), value);
  put(148, ' '.repeat(8));
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, fields.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `);
  return block;
}

const padded = (bytes: Uint8Array): Buffer => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);

/** A header block and its content, filled up; the size is that of the content unless told. */
export function rawEntry(fields: RawFields, content: string | Uint8Array = ''): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  return Buffer.concat([rawHeader({ size: bytes.length, ...fields }), padded(bytes)]);
}

type Records = readonly (readonly [string, string | Uint8Array])[];

/** The records of a PAX header, in the order given, repeated ones too. */
export const paxRecords = (records: Records): Buffer =>
  Buffer.concat(
    records.map(([key, value]) => {
      const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value as string), Buffer.from('\n')]);
      let length = rest.length;
      while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
      return Buffer.concat([Buffer.from(String(length)), rest]);
    }),
  );

/** A PAX header for the next entry, or with `typeFlag: 'g'` for all that follow. */
export const paxEntry = (records: Records, fields: RawFields = {}): Buffer =>
  rawEntry({ name: 'PaxHeaders.0/x', typeFlag: 'x', ...fields }, paxRecords(records));

/** GNU's entry for a long name (`L`) or long link (`K`). */
export const gnuLongEntry = (typeFlag: 'L' | 'K', name: string | Uint8Array): Buffer =>
  rawEntry(
    { name: '././@LongLink', typeFlag, magic: 'ustar  \0' },
    Buffer.concat([Buffer.from(name as string), Buffer.alloc(1)]),
  );

/** The two blocks of zeros at the end of an archive. */
export const tarEnd = Buffer.alloc(1024);

/** The bytes in pieces of `size`, as a network might bring them. */
export async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

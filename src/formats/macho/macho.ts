import { Fault, readAt, type Source } from '../../kit/index.ts';
import { architectureOf } from './architectures.ts';

/** A library that a Mach-O file names. */
export interface MachoLibrary {
  /** As it stands: absolute, or beginning with `@rpath`, `@loader_path` or `@executable_path`. */
  readonly path: string;
  /** `weak`: it may be absent; `reexport`: its symbols are given on; `lazy`: loaded at the first use. */
  readonly kind: 'load' | 'weak' | 'reexport' | 'upward' | 'lazy';
  /** `1.0.0`. */
  readonly compatibilityVersion: string;
  readonly currentVersion: string;
}

/** One Mach-O file, or one architecture of a universal one (loader.h of xnu). */
export interface MachoSlice {
  /** lipo's name: `x86_64`, `arm64`; `cpu-0x1234` where the number is not known. */
  readonly architecture: string;
  readonly class: 32 | 64;
  readonly kind: 'program' | 'library' | 'bundle' | 'object' | 'other';
  /** The name by which others need it: LC_ID_DYLIB. */
  readonly id: MachoLibrary | undefined;
  readonly libraries: readonly MachoLibrary[];
  /** LC_RPATH, as they stand. */
  readonly rpaths: readonly string[];
  /** LC_LOAD_DYLINKER. */
  readonly loader: string | undefined;
}

const magics = { thin32: 0xfeedface, thin64: 0xfeedfacf, fat32: 0xcafebabe, fat64: 0xcafebabf } as const;
const kinds: Readonly<Record<number, MachoSlice['kind']>> = {
  1: 'object',
  2: 'program',
  6: 'library',
  8: 'bundle',
  9: 'library',
};
const commands = { identity: 0xd, loader: 0xe, rpath: 0x8000001c } as const;
const libraryCommands: ReadonlyMap<number, MachoLibrary['kind']> = new Map([
  [0x0c, 'load'],
  [0x20, 'lazy'],
  [0x80000018, 'weak'],
  [0x8000001f, 'reexport'],
  [0x80000023, 'upward'],
]);

const mostSlices = 32;
const mostCommandBytes = 1024 * 1024;
const mostCommands = 16_384;

/**
 * The architectures of a Mach-O file, in order; undefined for what is none. Commands that do not fit are the end.
 * @throws {Fault} UNSUPPORTED where the file ends within its headers.
 */
export async function parseMacho(source: Source): Promise<readonly MachoSlice[] | undefined> {
  const head = await rangeOf(source, 0, 8);
  if (head.length < 8) return undefined;
  const magic = head.readUInt32BE(0);
  if (magic !== magics.fat32 && magic !== magics.fat64) {
    const slice = await sliceAt(source, 0);
    return slice && [slice];
  }
  const count = head.readUInt32BE(4);
  // Java classes have the same magic, and their version, which is larger, in this place.
  if (count === 0 || count > mostSlices) return undefined;
  const entryBytes = magic === magics.fat64 ? 32 : 20;
  const table = await rangeOf(source, 8, count * entryBytes);
  if (table.length < count * entryBytes) return cutShort();
  const slices: MachoSlice[] = [];
  for (let at = 0; at < table.length; at += entryBytes) {
    const offset = magic === magics.fat64 ? Number(table.readBigUInt64BE(at + 8)) : table.readUInt32BE(at + 8);
    const slice = Number.isSafeInteger(offset) ? await sliceAt(source, offset) : undefined;
    if (slice !== undefined) slices.push(slice);
  }
  return slices.length === 0 ? undefined : slices;
}

async function sliceAt(source: Source, offset: number): Promise<MachoSlice | undefined> {
  const header = await rangeOf(source, offset, 32);
  if (header.length < 28) return undefined;
  const layout = layoutOf(header);
  if (layout === undefined) return undefined;
  const u32 = readerOf(layout.littleEndian);
  const headerBytes = layout.class === 64 ? 32 : 28;
  const sizeBytes = u32(header, 20);
  if (sizeBytes > mostCommandBytes) return cutShort();
  const body = await rangeOf(source, offset + headerBytes, sizeBytes);
  if (body.length < sizeBytes) return cutShort();
  const slice = {
    architecture: architectureOf(u32(header, 4), u32(header, 8)),
    class: layout.class,
    kind: kinds[u32(header, 12)] ?? 'other',
    ...readCommands(body, Math.min(u32(header, 16), mostCommands), u32),
  };
  return slice;
}

function layoutOf(header: Buffer): { readonly class: 32 | 64; readonly littleEndian: boolean } | undefined {
  for (const littleEndian of [true, false]) {
    const magic = readerOf(littleEndian)(header, 0);
    if (magic === magics.thin64) return { class: 64, littleEndian };
    if (magic === magics.thin32) return { class: 32, littleEndian };
  }
  return undefined;
}

type ReadU32 = (bytes: Buffer, at: number) => number;

const readerOf =
  (littleEndian: boolean): ReadU32 =>
  (bytes, at) =>
    littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);

function readCommands(
  body: Buffer,
  count: number,
  u32: ReadU32,
): Pick<MachoSlice, 'id' | 'libraries' | 'rpaths' | 'loader'> {
  const libraries: MachoLibrary[] = [];
  const rpaths: string[] = [];
  let id: MachoLibrary | undefined;
  let loader: string | undefined;
  for (let at = 0, index = 0; index < count && at + 8 <= body.length; index++) {
    const number = u32(body, at);
    const sizeBytes = u32(body, at + 4);
    if (sizeBytes < 8 || at + sizeBytes > body.length) break;
    const one = body.subarray(at, at + sizeBytes);
    const kind = libraryCommands.get(number);
    if (kind !== undefined) libraries.push(...libraryIn(one, kind, u32));
    if (number === commands.identity) id = libraryIn(one, 'load', u32)[0];
    if (number === commands.rpath) rpaths.push(textIn(one, u32));
    if (number === commands.loader) loader = textIn(one, u32);
    at += sizeBytes;
  }
  return { id, libraries, rpaths: rpaths.filter((path) => path !== ''), loader };
}

const libraryCommandBytes = 24;

function libraryIn(command: Buffer, kind: MachoLibrary['kind'], u32: ReadU32): MachoLibrary[] {
  if (command.length < libraryCommandBytes) return [];
  const path = textIn(command, u32);
  if (path === '') return [];
  const versions = { currentVersion: versionOf(u32(command, 16)), compatibilityVersion: versionOf(u32(command, 20)) };
  return [{ path, kind, ...versions }];
}

/** The text that the command's third number points at, up to its NUL or the command's end. */
function textIn(command: Buffer, u32: ReadU32): string {
  if (command.length < 12) return '';
  const start = u32(command, 8);
  const end = command.indexOf(0, start);
  return start >= command.length ? '' : command.toString('utf8', start, end === -1 ? command.length : end);
}

const versionOf = (number: number): string => `${number >>> 16}.${(number >>> 8) & 0xff}.${number & 0xff}`;

async function rangeOf(source: Source, offset: number, length: number): Promise<Buffer> {
  const bytes = await readAt(source, offset, length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function cutShort(): never {
  throw new Fault('UNSUPPORTED', 'a Mach-O file is cut short or damaged in its headers', {
    hint: 'Build or copy the file again.',
  });
}

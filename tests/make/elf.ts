import { machineOf, segmentFlags, segmentTypes } from '../../src/formats/elf/index.ts';
import { type ElfNote, noteSegments } from './elf-notes.ts';
import { dynamicTables, type MadeRelocation, type MadeSymbol, type MadeVersionNeed } from './elf-tables.ts';
import { type Layout, Writer } from './elf-writer.ts';

/** What an ELF file should say. Everything left out is not in the file. */
export interface ElfParts {
  /** OCI's name of the machine. Default: `amd64`. */
  readonly architecture?: string;
  /** These four override what the architecture says. */
  readonly class?: 32 | 64;
  readonly littleEndian?: boolean;
  readonly machine?: number;
  readonly flags?: number;
  readonly osAbi?: number;
  /** Default: `shared` for what has an interpreter, a soname or needs, else `executable`. */
  readonly type?: 'relocatable' | 'executable' | 'shared' | 'core';
  readonly interpreter?: string;
  readonly needs?: readonly string[];
  readonly soname?: string;
  readonly rpath?: string;
  readonly runpath?: string;
  readonly filters?: readonly string[];
  readonly auxiliaries?: readonly string[];
  readonly versionsNeeded?: readonly MadeVersionNeed[];
  readonly versionsDefined?: readonly string[];
  readonly symbols?: readonly MadeSymbol[];
  /** What asks for symbols: data at start, or with `atCall` a function at its first call. By default none does. */
  readonly relocations?: readonly MadeRelocation[];
  /** How symbols are counted. Default: `sysv`. */
  readonly hash?: 'sysv' | 'gnu' | 'none';
  readonly dynamicFlags?: number;
  readonly dynamicFlags1?: number;
  /** Further entries of the dynamic section, as tag and value. */
  readonly dynamicEntries?: readonly (readonly [number, number])[];
  readonly notes?: readonly ElfNote[];
  /** Default: `plain`. */
  readonly stack?: 'executable' | 'plain' | 'unstated';
  readonly tlsBytes?: number;
  /** Texts in the constants, each with a NUL. */
  readonly strings?: readonly string[];
  /** Code at the entry point. Default, for amd64: prints `prints` and exits with `exits`. */
  readonly code?: Uint8Array;
  readonly prints?: string;
  readonly exits?: number;
  /** Address of the first byte. Default: 0x400000 for `executable`, else 0. */
  readonly base?: bigint;
  /** Default: true. False makes a file as sstrip leaves it. */
  readonly sectionHeaders?: boolean;
  /** Zero bytes at the end, for a file of some size. */
  readonly padding?: number;
}

const page = 4096;
const types = { relocatable: 1, executable: 2, shared: 3, core: 4 } as const;
const [read, readExecute, readWrite] = [segmentFlags.read, 5, 6];

export interface Piece {
  readonly name: string;
  readonly sectionType: number;
  readonly align: number;
  readonly size: number;
  readonly flags: number;
  /** Names of the pieces that the section's sh_link points at, and its sh_info. */
  readonly link?: string;
  readonly info?: number;
  readonly entrySize?: number;
  readonly write: (addressOf: (name: string) => bigint) => Uint8Array;
}

interface Placed extends Piece {
  readonly offset: number;
}

/** An ELF file that readelf accepts; one for amd64 without `needs` is a program that the kernel runs. */
export function elf(parts: ElfParts = {}): Uint8Array {
  const machine = machineOf({ architecture: parts.architecture ?? 'amd64' });
  const layout: Layout = {
    class: parts.class ?? machine?.class ?? 64,
    littleEndian: parts.littleEndian ?? machine?.littleEndian ?? true,
  };
  const type = parts.type ?? (isDynamic(parts) ? 'shared' : 'executable');
  const base = parts.base ?? (type === 'executable' ? 0x400000n : 0n);
  const segmentCount = countSegments(parts);
  const pieces = place([headers(layout, segmentCount), ...piecesOf(parts, layout)]);
  const addressOf = (name: string) => base + BigInt(find(pieces, name)?.offset ?? 0);
  const segments = segmentsOf(parts, pieces);
  const end = endOf(pieces);
  const sections =
    parts.sectionHeaders === false ? undefined : sectionsOf(pieces, { layout, base, at: roundUp(end, 8) });
  const file = Buffer.alloc((sections ? roundUp(end, 8) + sections.bytes.length : end) + (parts.padding ?? 0));
  for (const piece of pieces) file.set(piece.write(addressOf), piece.offset);
  file.set(programHeaders(segments, layout, base), headerBytes(layout));
  if (sections) file.set(sections.bytes, roundUp(end, 8));
  file.set(
    fileHeader(parts, layout, {
      type: types[type],
      machine: parts.machine ?? machine?.machine ?? 0,
      flags: parts.flags ?? machine?.flags ?? 0,
      entry: find(pieces, '.text') ? addressOf('.text') : 0,
      segmentCount: segments.length,
      sections,
    }),
  );
  return file;
}

const isDynamic = (parts: ElfParts): boolean =>
  parts.interpreter !== undefined ||
  parts.soname !== undefined ||
  (parts.needs ?? parts.symbols ?? parts.versionsNeeded ?? parts.versionsDefined) !== undefined;

const hasDynamicSection = (parts: ElfParts): boolean =>
  isDynamic(parts) || parts.dynamicFlags1 !== undefined || parts.dynamicEntries !== undefined;

const headerBytes = (layout: Layout): number => (layout.class === 64 ? 64 : 52);
const programHeaderBytes = (layout: Layout): number => (layout.class === 64 ? 56 : 32);
const roundUp = (value: number, align: number): number => Math.ceil(value / align) * align;
const find = (pieces: readonly Placed[], name: string): Placed | undefined =>
  pieces.find((piece) => piece.name === name);
const endOf = (pieces: readonly Placed[]): number => Math.max(...pieces.map(({ offset, size }) => offset + size));

const headers = (layout: Layout, segmentCount: number): Piece => {
  const size = headerBytes(layout) + segmentCount * programHeaderBytes(layout);
  return { name: '', sectionType: 0, align: 1, size, flags: read, write: () => new Uint8Array(size) };
};

function piecesOf(parts: ElfParts, layout: Layout): Piece[] {
  const constants: Piece[] = [];
  const fixed = (name: string, bytes: Uint8Array, flags: number, align = 8): Piece => {
    return { name, sectionType: 1, align, size: bytes.length, flags, write: () => bytes };
  };
  if (parts.interpreter !== undefined) constants.push(fixed('.interp', Buffer.from(`${parts.interpreter}\0`), read, 1));
  for (const note of noteSegments(parts.notes ?? [], layout)) {
    constants.push({ ...fixed(note.name, note.bytes, read, note.align), sectionType: 7 });
  }
  const tables = hasDynamicSection(parts) ? dynamicTables(parts, layout) : [];
  constants.push(...tables.filter(({ flags }) => flags === read));
  if (parts.strings)
    constants.push(fixed('.rodata', Buffer.from(parts.strings.map((text) => `${text}\0`).join('')), read));
  if (parts.type === 'relocatable' || parts.type === 'core') return constants;
  const code = parts.code ?? helloCode(parts.prints ?? '', parts.exits ?? 0);
  return [...constants, fixed('.text', code, readExecute, page), ...tables.filter(({ flags }) => flags === readWrite)];
}

/** write(1, text, length) and exit(code), in position-independent amd64 code with the text behind it. */
function helloCode(text: string, exitCode: number): Uint8Array {
  const message = Buffer.from(text, 'utf8');
  const call = (number: number) => Buffer.of(0xb8, number, 0, 0, 0, 0x0f, 0x05);
  const setDi = (value: number) => Buffer.of(0xbf, value & 0xff, 0, 0, 0);
  const exit = Buffer.concat([setDi(exitCode), call(60)]);
  const setDx = Buffer.of(0xba, 0, 0, 0, 0);
  setDx.writeUInt32LE(message.length, 1);
  const afterLea = Buffer.concat([setDx, call(1), exit]);
  const leaSi = Buffer.of(0x48, 0x8d, 0x35, 0, 0, 0, 0);
  leaSi.writeUInt32LE(afterLea.length, 3);
  return Buffer.concat([setDi(1), leaSi, afterLea, message]);
}

function place(pieces: readonly Piece[]): Placed[] {
  let end = 0;
  return pieces.map((piece) => {
    const isNewSegment = piece.flags === readWrite && end % page !== 0 && piece.name === '.dynamic';
    const offset = roundUp(end, isNewSegment ? page : piece.align);
    end = offset + piece.size;
    return { ...piece, offset };
  });
}

interface PlacedSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
  readonly memorySize?: number;
  readonly align: number;
}

/** By pieces that are placed before the number of segments is known: only their places are wrong. */
function countSegments(parts: ElfParts): number {
  const layout: Layout = { class: 64, littleEndian: true };
  return segmentsOf(parts, place([headers(layout, 0), ...piecesOf(parts, layout)])).length;
}

function segmentsOf(parts: ElfParts, pieces: readonly Placed[]): PlacedSegment[] {
  if (parts.type === 'relocatable') return [];
  const named = (name: string, type: number) => {
    const piece = find(pieces, name);
    return piece ? [{ type, flags: piece.flags, offset: piece.offset, size: piece.size, align: piece.align }] : [];
  };
  const notes = pieces.filter(({ sectionType }) => sectionType === 7);
  const loads = [read, readExecute, readWrite].flatMap((flags) => loadOf(pieces, flags));
  const stack = {
    type: segmentTypes.gnuStack,
    flags: parts.stack === 'executable' ? 7 : 6,
    offset: 0,
    size: 0,
    align: 16,
  };
  const tls = { type: segmentTypes.tls, flags: read, offset: 0, size: 0, memorySize: parts.tlsBytes ?? 0, align: 16 };
  return [
    ...(parts.interpreter === undefined ? [] : named('', segmentTypes.programHeaders)),
    ...named('.interp', segmentTypes.interpreter),
    ...loads,
    ...named('.dynamic', segmentTypes.dynamic),
    ...notes.map(({ flags, offset, size, align }) => ({ type: segmentTypes.note, flags, offset, size, align })),
    ...(parts.stack === 'unstated' ? [] : [stack]),
    ...(parts.tlsBytes === undefined ? [] : [tls]),
  ];
}

function loadOf(pieces: readonly Placed[], flags: number): PlacedSegment[] {
  const own = pieces.filter((piece) => piece.flags === flags);
  const offset = own[0]?.offset;
  if (offset === undefined) return [];
  return [{ type: segmentTypes.load, flags, offset, size: endOf(own) - offset, align: page }];
}

function programHeaders(segments: readonly PlacedSegment[], layout: Layout, base: bigint): Uint8Array {
  const writer = new Writer(layout);
  for (const segment of segments) {
    const isTable = segment.type === segmentTypes.programHeaders;
    const offset = isTable ? headerBytes(layout) : segment.offset;
    const size = isTable ? segment.size - headerBytes(layout) : segment.size;
    writer.u32(segment.type);
    if (layout.class === 64) writer.u32(segment.flags);
    writer
      .word(offset)
      .word(base + BigInt(offset))
      .word(base + BigInt(offset));
    writer.word(size).word(segment.memorySize ?? size);
    if (layout.class === 32) writer.u32(segment.flags);
    writer.word(segment.align);
  }
  return writer.bytes();
}

interface Sections {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly count: number;
}

function sectionsOf(pieces: readonly Placed[], at: { layout: Layout; base: bigint; at: number }): Sections {
  const named = pieces.filter(({ name }) => name !== '');
  const names = Buffer.from(`\0${[...named.map(({ name }) => name), '.shstrtab'].join('\0')}\0`, 'latin1');
  const writer = new Writer(at.layout);
  const namesBytes = roundUp(names.length, 8);
  const header = (fields: { name: string; type: number; flags: number; piece: Omit<Placed, 'write' | 'flags'> }) => {
    const { piece } = fields;
    writer.u32(fields.name === '' ? 0 : names.indexOf(`\0${fields.name}\0`) + 1).u32(fields.type);
    writer.word(fields.flags).word(fields.flags === 0 ? 0 : at.base + BigInt(piece.offset));
    writer.word(piece.offset).word(piece.size);
    writer.u32(named.findIndex(({ name }) => name === piece.link) + 1).u32(piece.info ?? 0);
    writer.word(piece.align).word(piece.entrySize ?? 0);
  };
  const none = { name: '', sectionType: 0, align: 0, size: 0, offset: 0 };
  header({ name: '', type: 0, flags: 0, piece: none });
  for (const piece of named) {
    const flags = piece.flags === readWrite ? 3 : piece.flags === readExecute ? 6 : 2;
    header({ name: piece.name, type: piece.sectionType, flags, piece });
  }
  header({ name: '.shstrtab', type: 3, flags: 0, piece: { ...none, offset: at.at, size: names.length, align: 1 } });
  const bytes = Buffer.concat([names, Buffer.alloc(namesBytes - names.length), writer.bytes()]);
  return { bytes, at: at.at + namesBytes, count: named.length + 2 };
}

function fileHeader(
  parts: ElfParts,
  layout: Layout,
  header: {
    type: number;
    machine: number;
    flags: number;
    entry: number | bigint;
    segmentCount: number;
    sections: Sections | undefined;
  },
): Uint8Array {
  const is64 = layout.class === 64;
  const writer = new Writer(layout);
  writer.raw(Buffer.from([0x7f, 0x45, 0x4c, 0x46, is64 ? 2 : 1, layout.littleEndian ? 1 : 2, 1, parts.osAbi ?? 0]));
  writer.raw(Buffer.alloc(8)).u16(header.type).u16(header.machine).u32(1);
  writer
    .word(header.entry)
    .word(header.segmentCount > 0 ? headerBytes(layout) : 0)
    .word(header.sections?.at ?? 0);
  writer.u32(header.flags).u16(headerBytes(layout));
  writer.u16(header.segmentCount > 0 ? programHeaderBytes(layout) : 0).u16(header.segmentCount);
  writer.u16(is64 ? 64 : 40).u16(header.sections?.count ?? 0);
  writer.u16(header.sections ? header.sections.count - 1 : 0);
  return writer.bytes();
}

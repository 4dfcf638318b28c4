import { isKnownMachine } from './machines.ts';
import { type FileReader, type Layout, malformed, Words } from './reader.ts';
import type { Elf, Segment } from './types.ts';

export interface Header extends Layout {
  readonly identMatches: boolean;
  readonly identClass: number;
  readonly oddIdent: string | undefined;
  readonly osAbi: number;
  readonly type: Elf['type'];
  readonly machine: number;
  readonly flags: number;
  readonly entry: number;
  readonly sectionHeaders: Elf['sectionHeaders'];
  readonly programHeaders: { readonly offset: number; readonly count: number };
}

/** A segment with its address as it stands in the file: ia64 and kernel addresses go beyond 2^53. */
export interface ExactSegment extends Segment {
  readonly exactAddress: bigint;
}

/** The read that most files need no second one after for their headers and notes. */
export const headBytes = 4096;

const magic = Buffer.from('\x7fELF', 'latin1');
const programHeaderBytes = { 32: 32, 64: 56 } as const;
const headerBytes = { 32: 52, 64: 64 } as const;
/** The kernel reads no more than this of program headers (binfmt_elf, load_elf_phdrs). */
const kernelHeadersLimit = 65_536;
/** Core files have a segment for each mapping. */
const otherHeadersLimit = 4 * 1024 * 1024;
const moreInSectionZero = 0xffff;

/** undefined when the file does not begin with ELF's magic. */
export async function readHeader(reader: FileReader): Promise<Header | undefined> {
  const head = await reader.upTo(0, headBytes);
  if (!head.subarray(0, 4).equals(magic)) return undefined;
  const layout = layoutOf(head);
  const words = new Words(head, layout);
  const { at, sections } = fieldsAfterEntry(words);
  return {
    ...layout,
    identMatches: head[4] === (layout.class === 64 ? 2 : 1) && head[5] === (layout.littleEndian ? 1 : 2),
    identClass: head[4] ?? 0,
    oddIdent: oddIdentOf(head, layout, words.u32(20)),
    osAbi: head[7] ?? 0,
    type: typeOf(words.u16(16)),
    machine: words.u16(18),
    flags: words.u32(at),
    entry: Number(words.word(24)),
    sectionHeaders: sections,
    programHeaders: await programHeadersOf(reader, words, sections),
  };
}

const currentVersion = 1;

/** In the order in which glibc's loader looks (elf/dl-load.c), but for class and OS ABI. */
function oddIdentOf(head: Buffer, { littleEndian }: Layout, version: number): string | undefined {
  if (head[5] !== (littleEndian ? 1 : 2)) return `its byte order is ${head[5]}`;
  if (head[6] !== currentVersion) return `its header is of version ${head[6]}`;
  if (head[8] !== 0) return `its ABI is of version ${head[8]}`;
  if (head.subarray(9, 16).some((byte) => byte !== 0)) return 'its header is filled with other bytes than zeros';
  return version === currentVersion ? undefined : `it is of version ${version}`;
}

/** @throws {Fault} ELF_MALFORMED when the file ends inside them, or there are more than the kernel reads. */
export async function readSegments(reader: FileReader, header: Header): Promise<ExactSegment[]> {
  const { offset, count } = header.programHeaders;
  if (count === 0) return [];
  const size = programHeaderBytes[header.class];
  const isLoaded = header.type === 'executable' || header.type === 'shared';
  if (count * size > (isLoaded ? kernelHeadersLimit : otherHeadersLimit)) malformed(`has ${count} program headers`);
  const words = new Words(await reader.exactly(offset, count * size, 'its program headers'), header);
  return Array.from({ length: count }, (_, index) => segmentAt(words, index * size));
}

/** What EI_CLASS and EI_DATA say, unless only another reading makes sense: then that, as for the kernel. */
function layoutOf(head: Buffer): Layout {
  const all: Layout[] = [
    { class: 64, littleEndian: true },
    { class: 32, littleEndian: true },
    { class: 64, littleEndian: false },
    { class: 32, littleEndian: false },
  ];
  const declared = all.find(
    (layout) => head[4] === (layout.class === 64 ? 2 : 1) && head[5] === (layout.littleEndian ? 1 : 2),
  );
  if (declared !== undefined && isPlausible(head, declared)) return declared;
  const real = all.find((layout) => isPlausible(head, layout));
  if (real !== undefined) return real;
  return declared !== undefined && hasNoSegments(head, declared) ? declared : malformed(describeHeader(head, declared));
}

function isPlausible(head: Buffer, layout: Layout): boolean {
  if (head.length < headerBytes[layout.class]) return false;
  const words = new Words(head, layout);
  return words.u16(layout.class === 64 ? 54 : 42) === programHeaderBytes[layout.class] && isKnownMachine(words.u16(18));
}

/** As an object file has none; a machine that we do not know is no reason to refuse either. */
function hasNoSegments(head: Buffer, layout: Layout): boolean {
  if (head.length < headerBytes[layout.class]) return false;
  const words = new Words(head, layout);
  const size = words.u16(layout.class === 64 ? 54 : 42);
  return words.u16(layout.class === 64 ? 56 : 44) === 0 || size === programHeaderBytes[layout.class];
}

function describeHeader(head: Buffer, declared: Layout | undefined): string {
  if (declared === undefined) return `is of class ${head[4] ?? 'none'} and byte order ${head[5] ?? 'none'}`;
  if (head.length < headerBytes[declared.class]) return 'ends inside its header';
  return 'has program headers of a size that no such file has';
}

function typeOf(value: number): Elf['type'] {
  return (['other', 'relocatable', 'executable', 'shared', 'core'] as const)[value] ?? 'other';
}

function fieldsAfterEntry(words: Words): { at: number; sections: Elf['sectionHeaders'] } {
  const at = words.is64 ? 48 : 36;
  const offset = Number(words.word(words.is64 ? 40 : 32));
  const entryBytes = words.u16(at + 10);
  const sane = offset > 0 && entryBytes === (words.is64 ? 64 : 40);
  const sections = sane ? { offset, count: words.u16(at + 12), namesIndex: words.u16(at + 14) } : undefined;
  return { at, sections };
}

async function programHeadersOf(
  reader: FileReader,
  words: Words,
  sections: Elf['sectionHeaders'],
): Promise<Header['programHeaders']> {
  const offset = Number(words.word(words.is64 ? 32 : 28));
  const count = words.u16(words.is64 ? 56 : 44);
  if (count !== moreInSectionZero || sections === undefined) return { offset, count };
  const zero = await reader.exactly(sections.offset, words.is64 ? 64 : 40, 'its first section header');
  const info = words.is64 ? 44 : 28;
  const layout = { class: words.is64 ? 64 : 32, littleEndian: words.littleEndian } as const;
  return { offset, count: new Words(zero, layout).u32(info) };
}

function segmentAt(words: Words, at: number): ExactSegment {
  const [flags, offset, address, fileSize, memorySize, align] = words.is64
    ? [4, 8, 16, 32, 40, 48]
    : [24, 4, 8, 16, 20, 28];
  const exactAddress = words.word(at + address);
  return {
    type: words.u32(at),
    flags: words.u32(at + flags),
    offset: Number(words.word(at + offset)),
    address: Number(exactAddress),
    fileSize: Number(words.word(at + fileSize)),
    memorySize: Number(words.word(at + memorySize)),
    align: Number(words.word(at + align)),
    exactAddress,
  };
}

import type { Source } from '../../kit/index.ts';
import { FileReader, Words } from './reader.ts';
import type { Elf } from './types.ts';

export interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly size: number;
}

/** sh_type values (gABI, "Sections"). */
export const sectionTypes = { progbits: 1, strings: 3, dynamicSymbols: 11 } as const;
export const sectionFlags = { allocated: 2, executable: 4 } as const;

/**
 * The section headers, as far as they can be read: none in a stripped file, and never needed to run a program,
 * so damaged ones are no fault.
 */
export async function readSections(reader: FileReader, elf: Elf): Promise<Section[]> {
  if (elf.sectionHeaders === undefined) return [];
  const { offset, count, namesIndex } = elf.sectionHeaders;
  const size = elf.class === 64 ? 64 : 40;
  const words = new Words(await reader.upTo(offset, count * size), elf);
  const known = Math.floor(words.bytes.length / size);
  const names = namesIndex < known ? await namesOf(reader, words, namesIndex * size) : Buffer.alloc(0);
  return Array.from({ length: known }, (_, index) => sectionAt(words, index * size, names));
}

/** The parts of a file that {@link readSections} reads. */
export async function sectionTables(source: Source, elf: Elf): Promise<{ offset: number; size: number }[]> {
  if (elf.sectionHeaders === undefined) return [];
  const { offset, count, namesIndex } = elf.sectionHeaders;
  const size = elf.class === 64 ? 64 : 40;
  const words = new Words(await new FileReader(source).upTo(offset, count * size), elf);
  const known = Math.floor(words.bytes.length / size);
  const names = namesIndex < known ? [sectionAt(words, namesIndex * size, Buffer.alloc(0))] : [];
  return [{ offset, size: known * size }, ...names.map((one) => ({ ...one, size: Math.min(one.size, namesLimit) }))];
}

const namesLimit = 4 * 1024 * 1024;
const nameLimit = 128;

function namesOf(reader: FileReader, words: Words, at: number): Promise<Buffer> {
  const { offset, size } = sectionAt(words, at, Buffer.alloc(0));
  return reader.upTo(offset, Math.min(size, namesLimit));
}

function sectionAt(words: Words, at: number, names: Buffer): Section {
  const [flags, offset, size] = words.is64 ? [8, 24, 32] : [8, 16, 20];
  const nameAt = words.u32(at);
  const name = names.toString('latin1', nameAt, nameAt + nameLimit).split('\0')[0] ?? '';
  return {
    name,
    type: words.u32(at + 4),
    flags: Number(words.word(at + flags)),
    offset: Number(words.word(at + offset)),
    size: Number(words.word(at + size)),
  };
}

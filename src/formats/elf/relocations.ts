import type { Source } from '../../kit/index.ts';
import { FileReader, malformed, Words } from './reader.ts';
import type { Elf, RelocationTable } from './types.ts';

/** What relocations ask of symbols, by their index in .dynsym. */
export interface References {
  /** Looked up before the program runs: data, and functions whose address is taken. */
  readonly atStart: ReadonlySet<number>;
  /** Looked up at their first call, unless the object or the environment asks for all at start. */
  readonly atCall: ReadonlySet<number>;
  /** Variables that the program has a copy of: looked up in the other objects only. */
  readonly copied: ReadonlySet<number>;
}

interface Kinds {
  readonly jumpSlot: number;
  readonly copy: number;
}

/** Types of relocations (each machine's psABI) by e_machine. */
const kindsOfMachine: Readonly<Record<number, Kinds>> = {
  3: { jumpSlot: 7, copy: 5 },
  20: { jumpSlot: 21, copy: 19 },
  21: { jumpSlot: 21, copy: 19 },
  22: { jumpSlot: 11, copy: 9 },
  40: { jumpSlot: 22, copy: 20 },
  62: { jumpSlot: 7, copy: 5 },
  183: { jumpSlot: 1026, copy: 1024 },
  243: { jumpSlot: 5, copy: 4 },
  258: { jumpSlot: 5, copy: 4 },
};
/** The largest programs in use have some 50 MB of them. */
const tableLimit = 256 * 1024 * 1024;
const blockEntries = 16 * 1024;

/**
 * The symbols that an object's relocations name; undefined for a machine whose kinds of relocations are not known.
 * @throws {Fault} ELF_MALFORMED when a table lies outside of the file or is larger than in any real one.
 */
export async function readReferences(source: Source, elf: Elf): Promise<References | undefined> {
  const kinds = kindsOfMachine[elf.machine];
  if (kinds === undefined) return undefined;
  const reader = new FileReader(source);
  const found = { atStart: new Set<number>(), atCall: new Set<number>(), copied: new Set<number>() };
  for (const table of elf.dynamic?.tables.relocations ?? []) {
    await eachEntry(reader, { elf, table }, (symbol, kind) => {
      if (kind === kinds.copy) found.copied.add(symbol);
      else if (table.isLazy && kind === kinds.jumpSlot) found.atCall.add(symbol);
      else found.atStart.add(symbol);
    });
  }
  return found;
}

type Note = (symbol: number, kind: number) => void;

/** Those that name a symbol, block by block. */
async function eachEntry(
  reader: FileReader,
  { elf, table }: { readonly elf: Elf; readonly table: RelocationTable },
  note: Note,
): Promise<void> {
  if (table.sizeBytes > tableLimit) malformed(`has ${table.sizeBytes} bytes of relocations`);
  const size = (elf.class / 8) * (table.hasAddends ? 3 : 2);
  const end = table.offset + table.sizeBytes - (table.sizeBytes % size);
  for (let at = table.offset; at < end; at += blockEntries * size) {
    const length = Math.min(end - at, blockEntries * size);
    const bytes = await reader.passing(at, length);
    if (bytes.length < length) malformed('ends inside its relocations');
    noteAll(new Words(bytes, elf), size, note);
  }
}

function noteAll(words: Words, size: number, note: Note): void {
  for (let at = 0; at < words.bytes.length; at += size) {
    const [symbol, kind] = symbolAndKind(words, at);
    if (symbol !== 0) note(symbol, kind);
  }
}

function symbolAndKind(words: Words, at: number): readonly [number, number] {
  if (!words.is64) {
    const info = words.u32(at + 4);
    return [info >>> 8, info & 0xff];
  }
  const [low, high] = [words.u32(at + 8), words.u32(at + 12)];
  return words.littleEndian ? [high, low] : [low, high];
}

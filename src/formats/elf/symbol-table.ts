import type { Source } from '../../kit/index.ts';
import { StringTable } from './dynamic.ts';
import { type HashedName, type HashTable, hashedName, readHashTable } from './hash-table.ts';
import { FileReader, malformed, Words } from './reader.ts';
import { countSymbols, readNames } from './symbols.ts';
import type { DynamicTables, Elf } from './types.ts';
import { readVersionDefinitions, readVersionNeeds } from './versions.ts';

/** A version by which symbols are looked up. */
export interface SymbolVersion {
  readonly name: string;
  /** The library that should give it, of a version that is needed. */
  readonly file: string | undefined;
  /** Of a needed one: bit 15 of its index, as linkers set it for `name@version`. */
  readonly isHidden: boolean;
}

/** One entry of .dynsym, with its numbers as they stand there. */
export interface RawSymbol {
  readonly isDefined: boolean;
  /** A symbol without a value is none for loaders, unless it is thread-local or absolute. */
  readonly hasValue: boolean;
  readonly isAbsolute: boolean;
  /** STB_LOCAL 0, STB_GLOBAL 1, STB_WEAK 2, STB_GNU_UNIQUE 10. */
  readonly binding: number;
  /** STT_NOTYPE 0, STT_OBJECT 1, STT_FUNC 2, STT_COMMON 5, STT_TLS 6, STT_GNU_IFUNC 10. */
  readonly type: number;
  /** STV_DEFAULT 0, STV_INTERNAL 1, STV_HIDDEN 2, STV_PROTECTED 3. */
  readonly visibility: number;
}

const symbolsLimit = 2_000_000;
const namesLimit = 64 * 1024 * 1024;
const longestName = 64 * 1024;
const absoluteSection = 0xfff1;
const hiddenVersion = 0x8000;
const tables = new WeakMap<Source, Promise<SymbolTable | undefined>>();

/**
 * .dynsym for look-ups by name, through the file's own hash table as loaders do them; undefined without DT_SYMTAB.
 * A Source is read once, however many objects are looked up in it.
 * @throws {Fault} ELF_MALFORMED when a table lies outside of the file or counts more than the file can hold.
 */
export function readSymbolTable(source: Source, elf: Elf): Promise<SymbolTable | undefined> {
  const known = tables.get(source) ?? read(source, elf);
  tables.set(source, known);
  return known;
}

async function read(source: Source, elf: Elf): Promise<SymbolTable | undefined> {
  const places = elf.dynamic?.tables;
  if (places?.symbols === undefined || places.strings === undefined) return undefined;
  const reader = new FileReader(source);
  const count = await countSymbols(reader, elf, places);
  if (count > symbolsLimit) malformed(`counts ${count} symbols`);
  const size = elf.class === 64 ? 24 : 16;
  const bytes = await reader.passing(places.symbols, count * size);
  if (bytes.length < count * size) malformed('ends inside its symbols');
  const symbols = new Words(bytes, elf);
  return new SymbolTable(count, {
    symbols,
    names: await namesOf(reader, { symbols, count, at: places.strings }),
    indices: await indicesOf(reader, elf, { at: places.symbolVersions, count }),
    versions: await versionsOf(reader, elf, places),
    hash: await readHashTable(reader, elf, count),
  });
}

interface Parts {
  readonly symbols: Words;
  readonly names: Buffer;
  /** .gnu.version */
  readonly indices: Words | undefined;
  readonly versions: ReadonlyMap<number, SymbolVersion>;
  readonly hash: HashTable;
}

/** What the dynamic symbols of one object are, and what they are called. */
export class SymbolTable {
  /** With the empty first entry. */
  readonly count: number;
  readonly #parts: Parts;

  constructor(count: number, parts: Parts) {
    this.count = count;
    this.#parts = parts;
  }

  /** Whether the object has .gnu.version at all. */
  get hasVersions(): boolean {
    return this.#parts.indices !== undefined;
  }

  at(index: number): RawSymbol {
    const { symbols } = this.#parts;
    const at = index * (symbols.is64 ? 24 : 16);
    const info = symbols.bytes[at + (symbols.is64 ? 4 : 12)] ?? 0;
    const section = symbols.u16(at + (symbols.is64 ? 6 : 14));
    const value = symbols.is64 ? symbols.u32(at + 8) | symbols.u32(at + 12) : symbols.u32(at + 4);
    return {
      isDefined: section !== 0,
      hasValue: value !== 0,
      isAbsolute: section === absoluteSection,
      binding: info >> 4,
      type: info & 15,
      visibility: (symbols.bytes[at + (symbols.is64 ? 5 : 13)] ?? 0) & 3,
    };
  }

  /** Those that other objects have to define: global ones that are undefined and not weak. */
  get wanted(): number[] {
    const { symbols } = this.#parts;
    const [size, infoAt, sectionAt] = symbols.is64 ? [24, 4, 6] : [16, 12, 14];
    const found: number[] = [];
    for (let index = 1, at = size; index < this.count; index++, at += size) {
      const binding = (symbols.bytes[at + infoAt] ?? 0) >> 4;
      const visibility = (symbols.bytes[at + infoAt + 1] ?? 0) & 3;
      if (symbols.u16(at + sectionAt) !== 0 || binding === 0 || binding === 2) continue;
      if (visibility === 0 || visibility === 3) found.push(index);
    }
    return found;
  }

  /** Whether there is any variable among what it defines. */
  get hasVariables(): boolean {
    const { symbols } = this.#parts;
    const [size, infoAt, sectionAt] = symbols.is64 ? [24, 4, 6] : [16, 12, 14];
    for (let index = 1, at = size; index < this.count; index++, at += size) {
      if (((symbols.bytes[at + infoAt] ?? 0) & 15) === 1 && symbols.u16(at + sectionAt) !== 0) return true;
    }
    return false;
  }

  nameOf(index: number): HashedName {
    return hashedName(this.#nameBytes(index));
  }

  /** Its index in .gnu.version without the bit that hides it; 0 and 1 are no version. */
  versionIndexOf(index: number): number {
    return this.#indexOf(index) & ~hiddenVersion;
  }

  /** Whether it is `name@version`, not the default `name@@version`. */
  isVersionHidden(index: number): boolean {
    return (this.#indexOf(index) & hiddenVersion) !== 0;
  }

  versionOf(index: number): SymbolVersion | undefined {
    return this.#parts.versions.get(this.versionIndexOf(index));
  }

  /** The entries of that name which the hash table leads to. */
  named(name: HashedName): readonly number[] {
    const candidates = this.#parts.hash(name);
    if (candidates.length === 0) return candidates;
    return candidates.filter((index) => index < this.count && this.#nameBytes(index).equals(name.bytes));
  }

  #indexOf(index: number): number {
    const { indices } = this.#parts;
    return indices !== undefined && index * 2 + 2 <= indices.bytes.length ? indices.u16(index * 2) : 0;
  }

  #nameBytes(index: number): Buffer {
    const { symbols, names } = this.#parts;
    const start = symbols.u32(index * (symbols.is64 ? 24 : 16));
    const end = names.indexOf(0, start);
    return names.subarray(start, end === -1 ? names.length : Math.min(end, start + longestName));
  }
}

/** One read of as much of the string table as the symbols point into. */
async function namesOf(
  reader: FileReader,
  { symbols, count, at }: { symbols: Words; count: number; at: number },
): Promise<Buffer> {
  const size = symbols.is64 ? 24 : 16;
  let last = 0;
  for (let index = 1; index < count; index++) last = Math.max(last, symbols.u32(index * size));
  if (last > namesLimit) malformed('has symbol names outside of its string table');
  return readNames(reader, at, last);
}

async function indicesOf(
  reader: FileReader,
  elf: Elf,
  { at, count }: { at: number | undefined; count: number },
): Promise<Words | undefined> {
  if (at === undefined) return undefined;
  const bytes = await reader.passing(at, count * 2);
  return bytes.length < count * 2 ? malformed('ends inside its versions of symbols') : new Words(bytes, elf);
}

/** Definitions stand over needs of the same number, as for glibc. The version that is the file's own name is none. */
async function versionsOf(
  reader: FileReader,
  elf: Elf,
  places: DynamicTables,
): Promise<ReadonlyMap<number, SymbolVersion>> {
  const strings = new StringTable(reader, places.strings);
  const at = { tables: places, strings };
  const versions = new Map<number, SymbolVersion>();
  for (const { file, versions: needed } of await readVersionNeeds(reader, elf, at)) {
    for (const { index, name, isHidden } of needed) versions.set(index, { name, file, isHidden });
  }
  for (const { index, name, isBase } of (await readVersionDefinitions(reader, elf, at)) ?? []) {
    if (!isBase) versions.set(index, { name, file: undefined, isHidden: false });
  }
  return versions;
}

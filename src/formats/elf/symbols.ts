import type { Source } from '../../kit/index.ts';
import { StringTable } from './dynamic.ts';
import { wideHashMachines } from './hash-table.ts';
import { FileReader, malformed, Words } from './reader.ts';
import { readSections, sectionTypes } from './sections.ts';
import type { DynamicTables, Elf, ElfSymbol } from './types.ts';
import { readVersionDefinitions, readVersionNeeds } from './versions.ts';

const bindings: Readonly<Record<number, ElfSymbol['binding']>> = { 0: 'local', 1: 'global', 2: 'weak', 10: 'unique' };
const kinds: Readonly<Record<number, ElfSymbol['type']>> = {
  0: 'none',
  1: 'object',
  2: 'function',
  6: 'tls',
  10: 'ifunc',
};
const undefinedSection = 0;
const hiddenVersion = 0x8000;
/** The largest libraries in use have some 100,000. */
const symbolsLimit = 2_000_000;
const namesLimit = 64 * 1024 * 1024;
/** Rust and C++ make names of some KiB. */
const longestName = 64 * 1024;
const namesMinimum = 1024 * 1024;

interface Version {
  readonly name: string;
  readonly file: string | undefined;
}

/**
 * The symbols of .dynsym, without its empty first entry, in order; none for a file without DT_SYMTAB.
 * They are counted as loaders count them, by DT_HASH or DT_GNU_HASH, or by DT_MIPS_SYMTABNO.
 * @throws {Fault} ELF_MALFORMED when a table lies outside of the file or counts more than the file can hold.
 */
export async function readSymbols(source: Source, elf: Elf): Promise<readonly ElfSymbol[]> {
  const tables = elf.dynamic?.tables;
  if (tables?.symbols === undefined || tables.strings === undefined) return [];
  const reader = new FileReader(source);
  const count = await countSymbols(reader, elf, tables);
  if (count <= 1) return [];
  if (count > symbolsLimit) malformed(`counts ${count} symbols`);
  const size = elf.class === 64 ? 24 : 16;
  const symbols = new Words(await reader.exactly(tables.symbols, count * size, 'its symbols'), elf);
  const versions = await versionsOf(reader, elf, tables);
  const indices = await versionIndices(reader, elf, { at: tables.symbolVersions, count });
  const names = await namesOf(reader, { symbols, count, size, at: tables.strings });
  const versionAt = (index: number) => versions.get((indices?.u16(index * 2) ?? 0) & ~hiddenVersion);
  return Array.from({ length: count - 1 }, (_, before) => {
    const index = before + 1;
    const isHidden = ((indices?.u16(index * 2) ?? 0) & hiddenVersion) !== 0;
    return symbolAt(symbols, index * size, { names, version: versionAt(index), isHidden });
  });
}

function symbolAt(
  words: Words,
  at: number,
  known: { names: Names; version: Version | undefined; isHidden: boolean },
): ElfSymbol {
  const info = words.bytes[at + (words.is64 ? 4 : 12)] ?? 0;
  const visibility = (words.bytes[at + (words.is64 ? 5 : 13)] ?? 0) & 3;
  const defined = words.u16(at + (words.is64 ? 6 : 14)) !== undefinedSection;
  return {
    name: known.names(words.u32(at)),
    defined,
    binding: bindings[info >> 4] ?? 'other',
    type: kinds[info & 15] ?? 'other',
    hidden: visibility === 1 || visibility === 2,
    version: known.version?.name,
    versionFile: known.version?.file,
    versionHidden: known.isHidden,
  };
}

type Names = (index: number) => string;

/** One read of as much of the string table as the symbols point into. */
async function namesOf(
  reader: FileReader,
  { symbols, count, size, at }: { symbols: Words; count: number; size: number; at: number },
): Promise<Names> {
  let last = 0;
  for (let index = 1; index < count; index++) last = Math.max(last, symbols.u32(index * size));
  if (last > namesLimit) malformed('has symbol names outside of its string table');
  const bytes = await readNames(reader, at, last);
  const text = bytes.toString('latin1');
  let left = Math.max(bytes.length * 4, namesMinimum);
  return (index) => {
    const end = text.indexOf('\0', index);
    if (end === -1 || end - index > longestName) malformed('has a symbol name that does not end');
    left -= end - index;
    if (left < 0) malformed('has too many names of symbols');
    const name = text.slice(index, end);
    return /[\x80-\xff]/.test(name) ? bytes.toString('utf8', index, end) : name;
  };
}

/** A string table from `at` to the end of the name that begins at `last` in it. */
export async function readNames(reader: FileReader, at: number, last: number): Promise<Buffer> {
  for (const ahead of [256, longestName]) {
    const bytes = await reader.passing(at, last + ahead);
    if (bytes.length <= last) break;
    const end = bytes.indexOf(0, last);
    // A copy, as a view would keep what follows in memory.
    if (end !== -1) return Buffer.from(bytes.subarray(0, end + 1));
    if (ahead === longestName || bytes.length < last + ahead) return bytes;
  }
  return malformed('ends inside the names of its symbols');
}

async function versionsOf(reader: FileReader, elf: Elf, tables: DynamicTables): Promise<ReadonlyMap<number, Version>> {
  const strings = new StringTable(reader, tables.strings);
  const needs = await readVersionNeeds(reader, elf, { tables, strings });
  const definitions = (await readVersionDefinitions(reader, elf, { tables, strings })) ?? [];
  const versions = new Map<number, Version>();
  for (const need of needs) {
    for (const { index, name } of need.versions) versions.set(index, { name, file: need.file });
  }
  for (const { index, name } of definitions) versions.set(index, { name, file: undefined });
  // 0 and 1 stand for no version; 1 is also the file's own name.
  versions.delete(0);
  versions.delete(1);
  return versions;
}

async function versionIndices(
  reader: FileReader,
  elf: Elf,
  { at, count }: { at: number | undefined; count: number },
): Promise<Words | undefined> {
  if (at === undefined) return undefined;
  return new Words(await reader.exactly(at, count * 2, 'its versions of symbols'), elf);
}

export async function countSymbols(reader: FileReader, elf: Elf, tables: DynamicTables): Promise<number> {
  if (tables.symbolCount !== undefined) return tables.symbolCount;
  if (tables.hash !== undefined) return countByHash(reader, elf, tables.hash);
  const count = tables.gnuHash === undefined ? 0 : await countByGnuHash(reader, elf, tables.gnuHash);
  if (count > 0) return count;
  return countByPlace(reader, elf, tables);
}

/** gABI, "Hash Table": the chain has an entry for each symbol. */
async function countByHash(reader: FileReader, elf: Elf, at: number): Promise<number> {
  const isWide = elf.class === 64 && wideHashMachines.includes(elf.machine);
  const words = new Words(await reader.exactly(at, isWide ? 16 : 8, 'its hash table'), elf);
  return isWide ? Number(words.u64(8)) : words.u32(4);
}

/**
 * The GNU hash table holds only the symbols from `first` on, ordered by bucket:
 * the last one ends the chain that begins last.
 */
async function countByGnuHash(reader: FileReader, elf: Elf, at: number): Promise<number> {
  const head = new Words(await reader.exactly(at, 16, 'its hash table'), elf);
  const [buckets, first, filters] = [head.u32(0), head.u32(4), head.u32(8)];
  if (buckets > symbolsLimit || filters > symbolsLimit) malformed('has a hash table larger than its symbols');
  const bucketsAt = at + 16 + filters * (elf.class / 8);
  const words = new Words(await reader.exactly(bucketsAt, buckets * 4, 'its hash table'), elf);
  let last = 0;
  for (let bucket = 0; bucket < buckets; bucket++) last = Math.max(last, words.u32(bucket * 4));
  // Without any defined symbol `first` is 1 whatever the number of undefined ones.
  if (last < first) return 0;
  const chainsAt = bucketsAt + buckets * 4;
  return 1 + (await endOfChain(reader, elf, { chainsAt, first, from: last }));
}

async function endOfChain(
  reader: FileReader,
  elf: Elf,
  { chainsAt, first, from }: { chainsAt: number; first: number; from: number },
): Promise<number> {
  // Chains are short, and what follows the table may cost a read of its own.
  for (let index = from, block = 16; index < symbolsLimit; index += block, block = Math.min(block * 2, 1024)) {
    const words = new Words(await reader.passing(chainsAt + (index - first) * 4, block * 4), elf);
    const known = Math.floor(words.bytes.length / 4);
    for (let step = 0; step < known; step++) if ((words.u32(step * 4) & 1) === 1) return index + step;
    if (known < block) break;
  }
  return malformed('has a hash table that does not end');
}

/**
 * For files without a hash table, and for a GNU one without any defined symbol: by its section header,
 * else up to the table that follows it.
 */
async function countByPlace(reader: FileReader, elf: Elf, tables: DynamicTables): Promise<number> {
  const at = tables.symbols ?? 0;
  const size = elf.class === 64 ? 24 : 16;
  const sections = await readSections(reader, elf);
  const section = sections.find(({ type, offset }) => type === sectionTypes.dynamicSymbols && offset === at);
  if (section !== undefined) return Math.floor(section.size / size);
  const { symbolCount: _, relocations: _relocations, ...places } = tables;
  const following = Object.values(places)
    .filter((place) => place !== undefined)
    .filter((place) => place > at);
  return following.length === 0 ? 0 : Math.floor((Math.min(...following) - at) / size);
}

import { textOfBytes } from '../../kit/index.ts';
import { dynamicDamage } from './dynamic-damage.ts';
import type { ExactSegment, Header } from './header.ts';
import { type FileReader, malformed, Words } from './reader.ts';
import { segmentTypes } from './segments.ts';
import type { Dynamic, DynamicTables, RelocationTable } from './types.ts';
import { readVersionDefinitions, readVersionNeeds } from './versions.ts';

const tags = {
  needed: 1,
  lazySize: 2,
  hash: 4,
  strings: 5,
  symbols: 6,
  rela: 7,
  relaSize: 8,
  soname: 14,
  rpath: 15,
  symbolic: 16,
  rel: 17,
  relSize: 18,
  lazyKind: 20,
  textRelocations: 22,
  lazy: 23,
  bindNow: 24,
  runpath: 29,
  flags: 30,
  relr: 36,
  gnuHash: 0x6ffffef5,
  symbolVersions: 0x6ffffff0,
  relaRelative: 0x6ffffff9,
  relRelative: 0x6ffffffa,
  flags1: 0x6ffffffb,
  versionDefinitions: 0x6ffffffc,
  versionNeeds: 0x6ffffffe,
  mipsSymbolCount: 0x70000011,
  auxiliary: 0x7ffffffd,
  filter: 0x7fffffff,
} as const;

const flagBits = { symbolic: 2, textRelocations: 4, bindNow: 8 } as const;
const flag1Bits = { now: 1, noDefaultLibs: 0x800 } as const;
const sectionLimit = 1024 * 1024;
const stringLimit = 64 * 1024;
/** Of all strings of one file together, since hostile entries can point into one long string many times. */
const stringsLimit = 1024 * 1024;

type Entries = ReadonlyMap<number, readonly bigint[]>;

/**
 * The dynamic section, through PT_DYNAMIC and PT_LOAD as loaders find it; section headers are not looked at.
 * DT_STRSZ is not either, as no loader does. The last of a tag counts where one is wanted.
 */
export async function readDynamic(
  reader: FileReader,
  header: Header,
  segments: readonly ExactSegment[],
): Promise<Dynamic | undefined> {
  const segment = segments.find(({ type }) => type === segmentTypes.dynamic);
  // glibc passes over one without content: separate debug files have it.
  if (segment === undefined || segment.fileSize === 0) return undefined;
  const loads = segments.filter(({ type }) => type === segmentTypes.load);
  const entries = await readEntries(reader, header, { segment, loads });
  const tables = tablesOf(entries, loads, header.class / 8);
  const strings = new StringTable(reader, tables.strings);
  const one = async (tag: number) => {
    const value = entries.get(tag)?.at(-1);
    return value === undefined ? undefined : strings.at(value);
  };
  const all = (tag: number) => strings.all(entries.get(tag) ?? []);
  const flags = flagsOf(entries);
  const flags1 = Number(entries.get(tags.flags1)?.at(-1) ?? 0n);
  const needs = await readVersionNeeds(reader, header, { tables, strings });
  const definitions = await readVersionDefinitions(reader, header, { tables, strings });
  return {
    needed: await all(tags.needed),
    soname: await one(tags.soname),
    rpath: await one(tags.rpath),
    runpath: await one(tags.runpath),
    filters: await all(tags.filter),
    auxiliaries: await all(tags.auxiliary),
    flags,
    flags1,
    bindsNow: (flags & flagBits.bindNow) !== 0 || (flags1 & flag1Bits.now) !== 0,
    noDefaultLibs: (flags1 & flag1Bits.noDefaultLibs) !== 0,
    hasRelr: entries.has(tags.relr),
    versionsNeeded: needs.map(({ file, versions }) => ({
      file,
      versions: versions.map(({ name, weak }) => ({ name, weak })),
    })),
    versionsDefined: definitions?.filter(({ isBase }) => !isBase).map(({ name }) => name),
    tables,
    damage: dynamicDamage(entries, { header, loads }),
  };
}

/** The strings of DT_STRTAB. */
export class StringTable {
  readonly #reader: FileReader;
  readonly #start: number | undefined;
  readonly #known = new Map<number, string>();
  #left = stringsLimit;

  constructor(reader: FileReader, start: number | undefined) {
    this.#reader = reader;
    this.#start = start;
  }

  async at(value: bigint | number): Promise<string> {
    const index = Number(value);
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    if (this.#start === undefined) return malformed('has no string table where its dynamic section says');
    const text = textOfBytes(await this.#bytesAt(this.#start + index));
    this.#known.set(index, text);
    return text;
  }

  async all(values: readonly bigint[]): Promise<string[]> {
    const texts: string[] = [];
    for (const value of values) texts.push(await this.at(value));
    return texts;
  }

  async #bytesAt(offset: number): Promise<Buffer> {
    for (const length of [256, 4096, stringLimit]) {
      const bytes = await this.#reader.upTo(offset, length);
      const end = bytes.indexOf(0);
      if (end === -1) continue;
      this.#left -= end + 1;
      return this.#left >= 0 ? bytes.subarray(0, end) : malformed('has too many names in its dynamic section');
    }
    return malformed('has a name in its dynamic section that does not end');
  }
}

async function readEntries(
  reader: FileReader,
  header: Header,
  at: { segment: ExactSegment; loads: readonly ExactSegment[] },
): Promise<Entries> {
  const offset = offsetOf(at.segment.exactAddress, at.loads) ?? at.segment.offset;
  const { fileSize } = at.segment;
  if (fileSize > sectionLimit) malformed(`has a dynamic section of ${fileSize} bytes`);
  const words = new Words(await reader.exactly(offset, fileSize, 'its dynamic section'), header);
  const size = header.class === 64 ? 16 : 8;
  const entries = new Map<number, bigint[]>();
  for (let from = 0; from + size <= fileSize; from += size) {
    const tag = Number(words.word(from));
    if (tag === 0) break;
    const value = words.word(from + size / 2);
    const values = entries.get(tag);
    if (values) values.push(value);
    else entries.set(tag, [value]);
  }
  return entries;
}

/** The place in the file of an address: where segments overlap the later one covers the earlier, as in memory. */
function offsetOf(address: bigint, loads: readonly ExactSegment[]): number | undefined {
  const segment = loads.findLast(
    ({ exactAddress, fileSize }) => address >= exactAddress && address - exactAddress < BigInt(fileSize),
  );
  return segment && segment.offset + Number(address - segment.exactAddress);
}

function tablesOf(entries: Entries, loads: readonly ExactSegment[], wordBytes: number): DynamicTables {
  const table = (tag: number) => {
    const address = entries.get(tag)?.at(-1);
    return address === undefined ? undefined : offsetOf(address, loads);
  };
  const count = entries.get(tags.mipsSymbolCount)?.at(-1);
  return {
    strings: table(tags.strings),
    symbols: table(tags.symbols),
    hash: table(tags.hash),
    gnuHash: table(tags.gnuHash),
    symbolCount: count === undefined ? undefined : Number(count),
    symbolVersions: table(tags.symbolVersions),
    versionNeeds: table(tags.versionNeeds),
    versionDefinitions: table(tags.versionDefinitions),
    relocations: relocationsOf(entries, wordBytes, table),
  };
}

/**
 * Some linkers count DT_JMPREL's part of the other table too: it is taken off there, as loaders do.
 * So are those that linkers put first, and count, because they name no symbol.
 */
function relocationsOf(
  entries: Entries,
  wordBytes: number,
  table: (tag: number) => number | undefined,
): RelocationTable[] {
  const size = (tag: number) => Number(entries.get(tag)?.at(-1) ?? 0n);
  const lazyOffset = table(tags.lazy);
  const lazyEnd = lazyOffset === undefined ? undefined : lazyOffset + size(tags.lazySize);
  const found: RelocationTable[] = [];
  for (const [tag, sizeTag, relativeTag] of [
    [tags.rela, tags.relaSize, tags.relaRelative],
    [tags.rel, tags.relSize, tags.relRelative],
  ] as const) {
    const offset = table(tag);
    if (offset === undefined) continue;
    const holdsLazy = lazyOffset !== undefined && lazyOffset >= offset && lazyEnd === offset + size(sizeTag);
    const sizeBytes = holdsLazy ? lazyOffset - offset : size(sizeTag);
    const hasAddends = tag === tags.rela;
    const relative = Math.min(size(relativeTag) * wordBytes * (hasAddends ? 3 : 2), sizeBytes);
    found.push({ offset: offset + relative, sizeBytes: sizeBytes - relative, hasAddends, isLazy: false });
  }
  if (lazyOffset !== undefined) {
    const hasAddends = size(tags.lazyKind) !== tags.rel;
    found.push({ offset: lazyOffset, sizeBytes: size(tags.lazySize), hasAddends, isLazy: true });
  }
  return found;
}

function flagsOf(entries: Entries): number {
  const stated = Number((entries.get(tags.flags)?.at(-1) ?? 0n) & 0xffffffffn);
  const folded = (['symbolic', 'textRelocations', 'bindNow'] as const)
    .filter((name) => entries.has(tags[name]))
    .map((name) => flagBits[name]);
  return folded.reduce<number>((flags, bit) => flags | bit, stated) >>> 0;
}

import type { ElfParts, Piece } from './elf.ts';
import { type Layout, Writer } from './elf-writer.ts';

export interface MadeSymbol {
  readonly name: string;
  /** Default: true. */
  readonly defined?: boolean;
  readonly binding?: 'local' | 'global' | 'weak' | 'unique';
  readonly type?: 'none' | 'object' | 'function' | 'tls' | 'ifunc';
  readonly visibility?: 'default' | 'internal' | 'hidden' | 'protected';
  /** One of versionsDefined for a defined symbol, of versionsNeeded for another. */
  readonly version?: string;
  /** `name@version`, not the default `name@@version`. */
  readonly versionHidden?: boolean;
}

/** Of a 64-bit little-endian file. */
export interface MadeRelocation {
  readonly symbol: string;
  /** R_X86_64_JUMP_SLOT in DT_JMPREL. Default: R_X86_64_GLOB_DAT in DT_RELA. */
  readonly atCall?: boolean;
  /** Another type, as R_X86_64_COPY (5). */
  readonly type?: number;
}

export interface MadeVersionNeed {
  readonly file: string;
  /** A name with `?` at its end is a weak need. */
  readonly versions: readonly string[];
}

const [read, readWrite] = [4, 6];
const bindings = { local: 0, global: 1, weak: 2, unique: 10 } as const;
const symbolTypes = { none: 0, object: 1, function: 2, tls: 6, ifunc: 10 } as const;
const visibilities = { default: 0, internal: 1, hidden: 2, protected: 3 } as const;

/** The tables that a dynamic section points at, and itself as the last one. */
export function dynamicTables(parts: ElfParts, layout: Layout): Piece[] {
  const strings = new Strings();
  const versions = new Versions(parts);
  const symbols = [...(parts.symbols ?? [])].sort((a, b) => Number(a.defined ?? true) - Number(b.defined ?? true));
  const tables: Piece[] = [
    ...hashTable(parts, symbols, layout),
    symbolTable(symbols, strings, layout),
    ...(versions.isUsed ? [symbolVersions(symbols, versions, layout)] : []),
    ...(parts.versionsDefined ? [definitions(parts, versions, { strings, layout })] : []),
    ...(parts.versionsNeeded?.length ? [needs(parts.versionsNeeded, versions, { strings, layout })] : []),
  ];
  tables.push(...relocationTables(parts.relocations ?? [], symbols, layout));
  const dynamic = dynamicSection(parts, { tables, strings, layout });
  return [...tables, table('.dynstr', 3, strings.bytes()), dynamic];
}

class Strings {
  readonly #places = new Map<string, number>();
  readonly #parts = [Buffer.alloc(1)];
  #size = 1;

  add(text: string): number {
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    const bytes = Buffer.from(`${text}\0`, 'utf8');
    const at = this.#size;
    this.#places.set(text, at);
    this.#parts.push(bytes);
    this.#size += bytes.length;
    return at;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** The numbers that stand for versions in .gnu.version: definitions first, from 2 on. */
class Versions {
  readonly #defined: ReadonlyMap<string, number>;
  /** By `file name`, and by the name alone for symbols, which do not say from which file. */
  readonly #needed = new Map<string, number>();
  readonly isUsed: boolean;

  constructor({ versionsDefined = [], versionsNeeded = [] }: ElfParts) {
    this.#defined = new Map(versionsDefined.map((name, index) => [name, 2 + index]));
    let next = 2 + versionsDefined.length;
    for (const { file, versions } of versionsNeeded) {
      for (const name of versions.map((text) => text.replace(/\?$/, ''))) {
        if (!this.#needed.has(name)) this.#needed.set(name, next);
        this.#needed.set(`${file} ${name}`, next++);
      }
    }
    this.isUsed = versionsDefined.length + versionsNeeded.length > 0;
  }

  defined(name: string): number {
    return this.#defined.get(name) ?? 1;
  }

  needed(name: string, file: string): number {
    return this.#needed.get(`${file} ${name}`) ?? 1;
  }

  of({ version, defined = true, versionHidden = false }: MadeSymbol): number {
    if (version === undefined) return 1;
    const index = defined ? this.defined(version) : (this.#needed.get(version) ?? 1);
    return index | (versionHidden ? 0x8000 : 0);
  }
}

const table = (name: string, sectionType: number, bytes: Uint8Array, more: Partial<Piece> = {}): Piece => ({
  name,
  sectionType,
  align: 8,
  size: bytes.length,
  flags: read,
  write: () => bytes,
  ...more,
});

function symbolTable(symbols: readonly MadeSymbol[], strings: Strings, layout: Layout): Piece {
  const entrySize = layout.class === 64 ? 24 : 16;
  const writer = new Writer(layout).raw(Buffer.alloc(entrySize));
  for (const symbol of symbols) {
    const { defined = true, binding = 'global', type = 'function', visibility = 'default' } = symbol;
    const info = Buffer.of((bindings[binding] << 4) | symbolTypes[type], visibilities[visibility]);
    const section = defined ? 1 : 0;
    writer.u32(strings.add(symbol.name));
    if (layout.class === 64) writer.raw(info).u16(section);
    writer.word(defined ? 0x1000 : 0).word(defined ? 8 : 0);
    if (layout.class === 32) writer.raw(info).u16(section);
  }
  return table('.dynsym', 11, writer.bytes(), { link: '.dynstr', info: 1, entrySize });
}

function relocationTables(
  relocations: readonly MadeRelocation[],
  symbols: readonly MadeSymbol[],
  layout: Layout,
): Piece[] {
  return [false, true].flatMap((atCall) => {
    const own = relocations.filter((relocation) => (relocation.atCall ?? false) === atCall);
    const writer = new Writer(layout);
    for (const { symbol, type = atCall ? 7 : 6 } of own) {
      writer
        .word(0x3000)
        .u32(type)
        .u32(symbols.findIndex(({ name }) => name === symbol) + 1)
        .word(0);
    }
    const name = atCall ? '.rela.plt' : '.rela.dyn';
    return own.length === 0 ? [] : [table(name, 4, writer.bytes(), { link: '.dynsym', entrySize: 24 })];
  });
}

/** One bucket, so that each symbol is in its chain. On s390x its words have 64 bits. */
function hashTable(parts: ElfParts, symbols: readonly MadeSymbol[], layout: Layout): Piece[] {
  if (parts.hash === 'none') return [];
  if (parts.hash === 'gnu') return [gnuHashTable(symbols, layout)];
  const isWide = parts.architecture === 's390x';
  const writer = new Writer(layout);
  const numbers = [1, symbols.length + 1, symbols.length > 0 ? 1 : 0, 0];
  for (let next = 2; next <= symbols.length; next++) numbers.push(next);
  if (symbols.length > 0) numbers.push(0);
  for (const number of numbers) isWide ? writer.word(number) : writer.u32(number);
  return [table('.hash', 5, writer.bytes(), { link: '.dynsym', entrySize: isWide ? 8 : 4 })];
}

function gnuHashTable(symbols: readonly MadeSymbol[], layout: Layout): Piece {
  const defined = symbols.filter((symbol) => symbol.defined ?? true);
  const first = defined.length === 0 ? 1 : symbols.length - defined.length + 1;
  const writer = new Writer(layout).u32(1).u32(first).u32(1).u32(0);
  writer.raw(Buffer.alloc(layout.class / 8, 0xff)).u32(defined.length === 0 ? 0 : first);
  defined.forEach(({ name }, index) => {
    writer.u32(((gnuHash(name) & ~1) | (index === defined.length - 1 ? 1 : 0)) >>> 0);
  });
  return table('.gnu.hash', 0x6ffffff6, writer.bytes(), { link: '.dynsym' });
}

function symbolVersions(symbols: readonly MadeSymbol[], versions: Versions, layout: Layout): Piece {
  const writer = new Writer(layout).u16(0);
  for (const symbol of symbols) writer.u16(versions.of(symbol));
  return table('.gnu.version', 0x6fffffff, writer.bytes(), { link: '.dynsym', entrySize: 2 });
}

interface Tools {
  readonly strings: Strings;
  readonly layout: Layout;
}

function definitions(parts: ElfParts, versions: Versions, { strings, layout }: Tools): Piece {
  const names = [parts.soname ?? 'made', ...(parts.versionsDefined ?? [])];
  const writer = new Writer(layout);
  names.forEach((name, at) => {
    const isLast = at === names.length - 1;
    writer
      .u16(1)
      .u16(at === 0 ? 1 : 0)
      .u16(at === 0 ? 1 : versions.defined(name))
      .u16(1);
    writer
      .u32(sysvHash(name))
      .u32(20)
      .u32(isLast ? 0 : 28)
      .u32(strings.add(name))
      .u32(0);
  });
  return table('.gnu.version_d', 0x6ffffffd, writer.bytes(), { link: '.dynstr', info: names.length });
}

function needs(wanted: readonly MadeVersionNeed[], versions: Versions, { strings, layout }: Tools): Piece {
  const writer = new Writer(layout);
  wanted.forEach((need, at) => {
    const next = at === wanted.length - 1 ? 0 : 16 + 16 * need.versions.length;
    writer.u16(1).u16(need.versions.length).u32(strings.add(need.file)).u32(16).u32(next);
    need.versions.forEach((text, index) => {
      const name = text.replace(/\?$/, '');
      writer
        .u32(sysvHash(name))
        .u16(text === name ? 0 : 2)
        .u16(versions.needed(name, need.file));
      writer.u32(strings.add(name)).u32(index === need.versions.length - 1 ? 0 : 16);
    });
  });
  return table('.gnu.version_r', 0x6ffffffe, writer.bytes(), { link: '.dynstr', info: wanted.length });
}

const tagOfTable: Readonly<Record<string, number>> = {
  '.hash': 4,
  '.gnu.hash': 0x6ffffef5,
  '.dynsym': 6,
  '.gnu.version': 0x6ffffff0,
  '.gnu.version_d': 0x6ffffffc,
  '.gnu.version_r': 0x6ffffffe,
  '.rela.dyn': 7,
  '.rela.plt': 23,
};

function dynamicSection(parts: ElfParts, { tables, strings, layout }: Tools & { tables: readonly Piece[] }): Piece {
  const texts = (tag: number, values: readonly (string | undefined)[] = []) =>
    values.filter((value) => value !== undefined).map((value) => [tag, strings.add(value)] as const);
  const fixed: (readonly [number, number])[] = [
    ...texts(1, parts.needs),
    ...texts(14, [parts.soname]),
    ...texts(15, [parts.rpath]),
    ...texts(29, [parts.runpath]),
    ...texts(0x7fffffff, parts.filters),
    ...texts(0x7ffffffd, parts.auxiliaries),
    ...(parts.dynamicFlags === undefined ? [] : [[30, parts.dynamicFlags] as const]),
    ...(parts.dynamicFlags1 === undefined ? [] : [[0x6ffffffb, parts.dynamicFlags1] as const]),
    ...tables.filter(({ info }) => info !== undefined).flatMap(countOfTable),
    ...tables.flatMap(({ name, size }) => sizesOfRelocations(name, size)),
    ...(parts.dynamicEntries ?? []),
    [10, strings.bytes().length],
    [11, layout.class === 64 ? 24 : 16],
  ];
  const entrySize = layout.class / 4;
  const size = (fixed.length + tables.length + 2) * entrySize;
  const write: Piece['write'] = (addressOf) => {
    const writer = new Writer(layout);
    for (const [tag, value] of fixed) writer.word(tag).word(value);
    writer.word(5).word(addressOf('.dynstr'));
    for (const { name } of tables) writer.word(tagOfTable[name] ?? 0).word(addressOf(name));
    return writer.word(0).word(0).bytes();
  };
  return { name: '.dynamic', sectionType: 6, align: 8, size, flags: readWrite, link: '.dynstr', entrySize, write };
}

/** DT_VERDEFNUM and DT_VERNEEDNUM. */
function countOfTable({ name, info = 0 }: Piece): (readonly [number, number])[] {
  if (name === '.gnu.version_d') return [[0x6ffffffd, info]];
  if (name === '.gnu.version_r') return [[0x6fffffff, info]];
  return [];
}

function sizesOfRelocations(name: string, size: number): (readonly [number, number])[] {
  if (name === '.rela.dyn')
    return [
      [8, size],
      [9, 24],
    ];
  return name === '.rela.plt'
    ? [
        [2, size],
        [20, 7],
      ]
    : [];
}

/** gABI, "Hash Table". */
function sysvHash(name: string): number {
  let hash = 0;
  for (const byte of Buffer.from(name)) {
    hash = (hash << 4) + byte;
    const high = hash & 0xf0000000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  return hash >>> 0;
}

function gnuHash(name: string): number {
  let hash = 5381;
  for (const byte of Buffer.from(name)) hash = (hash * 33 + byte) >>> 0;
  return hash;
}

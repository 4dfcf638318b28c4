import { bytesOfText, textOfBytes } from '../../kit/index.ts';
import { compareLibraryNames } from './library-names.ts';

/** One line of an ld.so.cache, as `ldconfig -p` prints it. */
export interface CacheEntry {
  readonly name: string;
  readonly path: string;
  /** Kind of library and ABI: 0x303 is libc6 of x86-64. */
  readonly flags: number;
  /** Least kernel, as 0x060100 for 6.1; 0 for any. */
  readonly osVersion: number;
  /** The directory under glibc-hwcaps that the library lies in (glibc 2.33 and later). */
  readonly level: string | undefined;
  /** Bits of the CPU that older loaders compare; 0 for a library for all. */
  readonly hardware: bigint;
}

export interface LoaderCache {
  /** The entries of a name in the order of the file, found as ld.so does: none where the file is not in order. */
  find(name: string): readonly CacheEntry[];
  readonly entryCount: number;
}

const oldMagic = Buffer.from('ld.so-1.7.0', 'latin1');
const newMagic = Buffer.from('glibc-ld.so.cache1.1', 'latin1');
const oldHeaderBytes = 16;
const oldEntryBytes = 12;
const newHeaderBytes = 48;
const newEntryBytes = 24;
const extensionMagic = 0xeaa42174;
const extensionOfLevels = 1;
/** Above the 32 bits with the number of a level: bit 62 marks one, the 10 lowest hold the least ISA level. */
const levelMark = 1n << 30n;
const isaLevelMask = 0x3ffn;
const nameLimit = 4096;

/** Where the entries and strings of one format stand in the file. */
interface Table {
  readonly entries: number;
  readonly entryBytes: number;
  readonly count: number;
  /** What offsets of strings count from. */
  readonly strings: number;
}

/**
 * Reads ld.so.cache in its old format, its new one, and the new one after the old one in one file.
 * undefined where ld.so would pass the file over: another format or byte order, or too short for its count.
 */
export function parseLoaderCache(bytes: Uint8Array, littleEndian: boolean): LoaderCache | undefined {
  const file = new CacheFile(bytes, littleEndian);
  const table = file.newTable(0) ?? file.oldTable();
  return table && { entryCount: table.count, find: (name) => file.find(table, bytesOfText(name)) };
}

class CacheFile {
  readonly #bytes: Buffer;
  readonly #littleEndian: boolean;

  constructor(bytes: Uint8Array, littleEndian: boolean) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = littleEndian;
  }

  newTable(start: number): Table | undefined {
    const room = this.#bytes.length - start - newHeaderBytes;
    if (room < 0 || !this.#startsWith(newMagic, start)) return undefined;
    const count = this.#u32(start + 20);
    // 0: from before 2.33, in the byte order of the machine; 2 little, 3 big.
    const order = (this.#bytes[start + 28] ?? 0) & 3;
    const isOurs = order === 0 || order === (this.#littleEndian ? 2 : 3);
    if (!isOurs || Math.floor(room / newEntryBytes) < count) return undefined;
    return { entries: start + newHeaderBytes, entryBytes: newEntryBytes, count, strings: start };
  }

  oldTable(): Table | undefined {
    const room = this.#bytes.length - oldHeaderBytes;
    if (room <= 0 || !this.#startsWith(oldMagic, 0)) return undefined;
    const count = this.#u32(12);
    if (Math.floor(room / oldEntryBytes) < count) return undefined;
    const end = oldHeaderBytes + count * oldEntryBytes;
    const second = this.newTable(Math.ceil(end / 8) * 8);
    return second ?? { entries: oldHeaderBytes, entryBytes: oldEntryBytes, count, strings: end };
  }

  find(table: Table, name: Buffer): CacheEntry[] {
    let left = 0;
    let right = table.count - 1;
    while (left <= right) {
      const middle = (left + right) >>> 1;
      const key = this.#keyAt(table, middle);
      if (key === undefined) return [];
      const order = compareLibraryNames(name, key);
      if (order === 0) return this.#entriesAround(table, middle, name);
      // The file is sorted downwards.
      if (order < 0) left = middle + 1;
      else right = middle - 1;
    }
    return [];
  }

  #entriesAround(table: Table, middle: number, name: Buffer): CacheEntry[] {
    const isNamed = (index: number): boolean => {
      const key = this.#keyAt(table, index);
      return key !== undefined && compareLibraryNames(name, key) === 0;
    };
    let first = middle;
    while (first > 0 && isNamed(first - 1)) first--;
    const entries: CacheEntry[] = [];
    for (let index = first; index < table.count && (index <= middle || isNamed(index)); index++) {
      const entry = this.#entryAt(table, index);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  #entryAt(table: Table, index: number): CacheEntry | undefined {
    const at = table.entries + index * table.entryBytes;
    const name = this.#stringAt(table.strings + this.#u32(at + 4));
    const path = this.#stringAt(table.strings + this.#u32(at + 8));
    if (name === undefined || path === undefined) return undefined;
    const isNew = table.entryBytes === newEntryBytes;
    const hardware = isNew ? this.#u64(at + 16) : 0n;
    return {
      name: textOfBytes(name),
      path: textOfBytes(path),
      flags: this.#u32(at),
      osVersion: isNew ? this.#u32(at + 12) : 0,
      level: this.#levelOf(table, hardware),
      hardware,
    };
  }

  #keyAt(table: Table, index: number): Buffer | undefined {
    return this.#stringAt(table.strings + this.#u32(table.entries + index * table.entryBytes + 4));
  }

  #levelOf(table: Table, hardware: bigint): string | undefined {
    if (((hardware >> 32n) & ~isaLevelMask) !== levelMark) return undefined;
    const section = this.#levelSection(table);
    const at = Number(hardware & 0xffffffffn) * 4;
    if (section === undefined || at + 4 > section.length) return '';
    const name = this.#stringAt(table.strings + this.#u32(section.start + at));
    return name === undefined ? '' : textOfBytes(name);
  }

  #levelSection(table: Table): { start: number; length: number } | undefined {
    const at = this.#u32(table.strings + 32);
    const start = table.strings + at;
    if (at === 0 || start % 4 !== 0 || start + 8 > this.#bytes.length) return undefined;
    if (this.#u32(start) !== extensionMagic) return undefined;
    const count = Math.min(this.#u32(start + 4), Math.floor((this.#bytes.length - start - 8) / 16));
    for (let index = 0; index < count; index++) {
      const section = start + 8 + index * 16;
      if (this.#u32(section) !== extensionOfLevels) continue;
      const found = { start: table.strings + this.#u32(section + 8), length: this.#u32(section + 12) };
      return found.start + found.length <= this.#bytes.length ? found : undefined;
    }
    return undefined;
  }

  #stringAt(offset: number): Buffer | undefined {
    if (offset >= this.#bytes.length) return undefined;
    const end = this.#bytes.indexOf(0, offset);
    return end === -1 || end - offset > nameLimit ? undefined : this.#bytes.subarray(offset, end);
  }

  #startsWith(magic: Buffer, at: number): boolean {
    return this.#bytes.subarray(at, at + magic.length).equals(magic);
  }

  #u32(at: number): number {
    return this.#littleEndian ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  #u64(at: number): bigint {
    return this.#littleEndian ? this.#bytes.readBigUInt64LE(at) : this.#bytes.readBigUInt64BE(at);
  }
}

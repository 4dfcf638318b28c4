import { type FileReader, type Layout, malformed, Words } from './reader.ts';
import type { Elf } from './types.ts';

/** A symbol's name with the hashes by which tables hold it. */
export interface HashedName {
  readonly bytes: Buffer;
  readonly gnu: number;
  readonly sysv: number;
}

/** The symbols that may have a name: whoever asks compares the names. */
export type HashTable = (name: HashedName) => readonly number[];

/** The largest libraries in use have some 100,000 symbols. */
const entriesLimit = 2_000_000;
const none: readonly number[] = [];
/** Honest chains have a handful. */
const chainLimit = 10_000;
/** Machines whose DT_HASH has words of 64 bits: alpha and s390x. */
export const wideHashMachines = [0x9026, 22];

/** A name with both its hashes (gABI, "Hash Table"; the GNU one is Bernstein's); the older one only when it is asked for. */
export function hashedName(bytes: Buffer): HashedName {
  let gnu = 5381;
  for (let at = 0; at < bytes.length; at++) gnu = (Math.imul(gnu, 33) + (bytes[at] ?? 0)) >>> 0;
  let sysv: number | undefined;
  return {
    bytes,
    gnu,
    get sysv() {
      sysv ??= sysvHash(bytes);
      return sysv;
    },
  };
}

function sysvHash(bytes: Buffer): number {
  let hash = 0;
  for (let at = 0; at < bytes.length; at++) {
    hash = (hash << 4) + (bytes[at] ?? 0);
    hash = (hash ^ ((hash & 0xf0000000) >>> 24)) & 0x0fffffff;
  }
  return hash;
}

/** DT_GNU_HASH where there is one, else DT_HASH, as loaders prefer them; without either nothing is found. */
export async function readHashTable(reader: FileReader, elf: Elf, count: number): Promise<HashTable> {
  const { gnuHash, hash } = elf.dynamic?.tables ?? {};
  if (gnuHash !== undefined) return readGnuHash(reader, elf, { at: gnuHash, count });
  return hash === undefined ? () => [] : readSysvHash(reader, elf, hash);
}

async function readGnuHash(
  reader: FileReader,
  layout: Layout,
  { at, count }: { at: number; count: number },
): Promise<HashTable> {
  const head = new Words(await reader.exactly(at, 16, 'its hash table'), layout);
  const [buckets, first, filters, shift] = [head.u32(0), head.u32(4), head.u32(8), head.u32(12)];
  if (buckets > entriesLimit || filters > entriesLimit) malformed('has a hash table larger than its symbols');
  if (buckets === 0 || filters === 0) return () => [];
  const wordBytes = layout.class / 8;
  const chainsAt = filters * wordBytes + buckets * 4;
  const words = new Words(await reader.passing(at + 16, chainsAt + Math.max(count - first, 0) * 4), layout);
  const isKnown = bloomFilter(words, layout, { filters, shift });
  const u32 = (place: number) => (place + 4 <= words.bytes.length ? words.u32(place) : undefined);
  return ({ gnu }) => {
    if (!isKnown(gnu)) return none;
    const found: number[] = [];
    let index = u32(filters * wordBytes + (gnu % buckets) * 4) ?? 0;
    for (let left = chainLimit; index >= first && index !== 0 && left > 0; left--, index++) {
      const value = u32(chainsAt + (index - first) * 4);
      if (value === undefined) break;
      if ((value ^ gnu) >>> 1 === 0) found.push(index);
      if ((value & 1) === 1) break;
    }
    return found;
  };
}

/** Two bits of one word for each name; the words are of the file's class. */
function bloomFilter(
  words: Words,
  { class: bits, littleEndian }: Layout,
  { filters, shift }: { filters: number; shift: number },
): (hash: number) => boolean {
  const hasBit = (word: number, bit: number): boolean => {
    const half = littleEndian || bits === 32 ? bit >>> 5 : 1 - (bit >>> 5);
    const place = word * (bits / 8) + half * 4;
    return place + 4 <= words.bytes.length && ((words.u32(place) >>> (bit & 31)) & 1) === 1;
  };
  return (hash) => {
    const word = Math.floor(hash / bits) & (filters - 1);
    return hasBit(word, hash % bits) && hasBit(word, (hash >>> shift) % bits);
  };
}

async function readSysvHash(reader: FileReader, elf: Elf, at: number): Promise<HashTable> {
  const wordBytes = elf.class === 64 && wideHashMachines.includes(elf.machine) ? 8 : 4;
  const head = new Words(await reader.exactly(at, wordBytes * 2, 'its hash table'), elf);
  const word = (words: Words, index: number): number => {
    const place = index * wordBytes;
    if (place + wordBytes > words.bytes.length) return 0;
    return wordBytes === 8 ? Number(words.u64(place)) : words.u32(place);
  };
  const [buckets, chains] = [word(head, 0), word(head, 1)];
  if (buckets > entriesLimit || chains > entriesLimit) malformed('has a hash table larger than its symbols');
  if (buckets === 0) return () => [];
  const table = new Words(await reader.passing(at + wordBytes * 2, (buckets + chains) * wordBytes), elf);
  return ({ sysv }) => {
    const found: number[] = [];
    let index = word(table, sysv % buckets);
    for (let left = chainLimit; index !== 0 && index < chains && left > 0; left--) {
      found.push(index);
      index = word(table, buckets + index);
    }
    return found;
  };
}

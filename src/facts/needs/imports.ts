import type { Elf } from '../../formats/elf/index.ts';

/** Names of symbols that another object must give. */
export interface ImportedNames {
  has(name: string): boolean;
}

const mostSymbols = 1_000_000;

/**
 * The names of undefined symbols, without making texts of them: in a table ordered for DT_GNU_HASH those stand
 * before its first hashed symbol. undefined where the file has no such order, or `bytes`, its beginning, no such table.
 */
export function importedNames(bytes: Buffer, elf: Elf): ImportedNames | undefined {
  const { gnuHash, symbols, strings } = elf.dynamic?.tables ?? {};
  if (gnuHash === undefined || symbols === undefined || strings === undefined) return undefined;
  const u32 = (at: number): number => (elf.littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const [size, sectionAt] = elf.class === 64 ? [24, 6] : [16, 14];
  if (gnuHash + 8 > bytes.length) return undefined;
  const first = u32(gnuHash + 4);
  if (first <= 1 || first > mostSymbols || symbols + first * size > bytes.length) return undefined;
  const places = new Map<number, number[]>();
  for (let at = symbols + size; at < symbols + first * size; at += size) {
    if (bytes[at + sectionAt] !== 0 || bytes[at + sectionAt + 1] !== 0) continue;
    const start = strings + u32(at);
    if (start + 4 > bytes.length) continue;
    const key = bytes.readUInt32LE(start);
    const others = places.get(key);
    if (others === undefined) places.set(key, [start]);
    else others.push(start);
  }
  return { has: (name) => hasName(name, places, bytes) };
}

/** Names are found by their first four bytes, which tell most of them apart. */
function hasName(name: string, places: ReadonlyMap<number, readonly number[]>, bytes: Buffer): boolean {
  const wanted = Buffer.from(`${name}\0\0\0\0`, 'latin1').subarray(0, Math.max(name.length + 1, 4));
  const length = name.length + 1;
  return (places.get(wanted.readUInt32LE(0)) ?? []).some(
    (start) => wanted.compare(bytes, start, start + length, 0, length) === 0,
  );
}

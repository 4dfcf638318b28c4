import type { Elf } from '../../formats/elf/index.ts';

const mostSymbols = 1_000_000;
const longestName = 4096;

/**
 * The names of undefined symbols, without making all the others: in a table ordered for DT_GNU_HASH those stand
 * before its first hashed symbol. undefined where the file has no such order.
 */
export function importedNames(bytes: Buffer, elf: Elf): Set<string> | undefined {
  const { gnuHash, symbols, strings } = elf.dynamic?.tables ?? {};
  if (gnuHash === undefined || symbols === undefined || strings === undefined) return undefined;
  const u32 = (at: number): number => (elf.littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const [size, sectionAt] = elf.class === 64 ? [24, 6] : [16, 14];
  if (gnuHash + 8 > bytes.length) return undefined;
  const first = u32(gnuHash + 4);
  if (first <= 1 || first > mostSymbols || symbols + first * size > bytes.length) return undefined;
  const names = new Set<string>();
  for (let at = symbols + size; at < symbols + first * size; at += size) {
    if (bytes[at + sectionAt] !== 0 || bytes[at + sectionAt + 1] !== 0) continue;
    const start = strings + u32(at);
    const end = bytes.indexOf(0, start);
    if (end > start && end - start < longestName) names.add(bytes.toString('latin1', start, end));
  }
  return names;
}

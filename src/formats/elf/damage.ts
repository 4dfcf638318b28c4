import { segmentFlags, segmentTypes } from './segments.ts';
import type { Elf, Segment } from './types.ts';

/** The smallest page of any machine that Linux runs on. */
const pageBytes = 4096;

/**
 * Why kernel or loader cannot map the segments into memory, as the end of a sentence that begins with the file;
 * undefined for a sound file. What it finds is not said by `parseElf`, since separate debug files have such segments.
 */
export function damageOf(elf: Elf, sizeBytes: number): string | undefined {
  const loads = elf.segments.filter(({ type }) => type === segmentTypes.load);
  if (loads.length === 0) return 'has no segment to load';
  const end = Math.max(
    ...loads.filter(({ fileSize }) => fileSize > 0).map(({ offset, fileSize }) => offset + fileSize),
  );
  if (end > sizeBytes) return `is cut short: it has ${sizeBytes} bytes, and its segments go up to ${end}`;
  if (loads.some(({ fileSize, memorySize }) => fileSize > memorySize)) {
    return 'has a segment that is larger in the file than in memory';
  }
  if (loads.some(isMisplaced)) return 'has a segment whose address and place in the file do not fit into one page';
  const isProgram = elf.type === 'executable' || elf.isPie;
  return isProgram && !loads.some((segment) => isEntered(elf, segment))
    ? 'has an entry point outside of its code'
    : undefined;
}

const isMisplaced = ({ offset, address, fileSize }: Segment): boolean =>
  fileSize > 0 && Number.isSafeInteger(address) && offset % pageBytes !== address % pageBytes;

function isEntered(elf: Elf, { address, memorySize, flags }: Segment): boolean {
  // Where function descriptors are in use (ia64, 64-bit PowerPC's first ABI, hppa) the entry point is data.
  const isCode = (flags & segmentFlags.execute) !== 0 || descriptorMachines.includes(elf.machine);
  return isCode && elf.entry >= address && elf.entry < address + memorySize;
}

const descriptorMachines = [50, 21, 15];

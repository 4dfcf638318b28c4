import { segmentFlags, segmentTypes } from './segments.ts';
import type { Elf, Segment } from './types.ts';

/** The smallest page of any machine that Linux runs on. */
const pageBytes = 4096;
/** Where the kernel lets no container map (vm.mmap_min_addr). */
const lowestAddress = 0x10000;
/** Ends of a process's memory: x86-64 with 4-level page tables, and 32-bit programs beside it. */
const endOfMemory = (elf: Elf): number => (elf.class === 32 ? 0xffffe000 : 0x7ffffffff000);
const permissions = segmentFlags.read | segmentFlags.write | segmentFlags.execute;

/** What lies in memory through PT_LOAD, and is found by its own program header. */
const placedTypes: ReadonlySet<number> = new Set([
  segmentTypes.programHeaders,
  segmentTypes.interpreter,
  segmentTypes.dynamic,
  segmentTypes.note,
  segmentTypes.tls,
  segmentTypes.gnuEhFrame,
  segmentTypes.gnuRelro,
  segmentTypes.gnuProperty,
]);

/**
 * Why kernel or loader cannot map the segments into memory, or would find other things there than the headers say,
 * as the end of a sentence that begins with the file; undefined for a sound file.
 * What it finds is not said by `parseElf`, since separate debug files have such segments.
 */
export function damageOf(elf: Elf, sizeBytes: number): string | undefined {
  const loads = elf.segments.filter(({ type }) => type === segmentTypes.load);
  if (loads.length === 0) return 'has no segment to load';
  return (
    cutShort(elf, loads, sizeBytes) ??
    loads.map((load) => wrongLoad(elf, load)).find((wrong) => wrong !== undefined) ??
    overlap(loads) ??
    wrongProgramHeaders(elf) ??
    strayed(elf, loads) ??
    wrongEntry(elf, loads) ??
    elf.dynamic?.damage
  );
}

function cutShort(elf: Elf, loads: readonly Segment[], sizeBytes: number): string | undefined {
  const last = loads
    .filter(({ fileSize }) => fileSize > 0)
    .reduce<Segment | undefined>((one, other) => (one && endInFile(one) >= endInFile(other) ? one : other), undefined);
  if (last === undefined || endInFile(last) <= sizeBytes) return undefined;
  // The kernel fills the last page with zeros, and variables that are zero stop no program before it begins.
  const isPadded = (last.flags & permissions) === 6 && roundUp(sizeBytes) >= endInFile(last);
  const tables = elf.segments.filter(({ type }) => placedTypes.has(type));
  if (isPadded && tables.every((table) => endInFile(table) <= sizeBytes)) return undefined;
  return `is cut short: it has ${sizeBytes} bytes, and its segments go up to ${endInFile(last)}`;
}

const endInFile = ({ offset, fileSize }: Segment): number => offset + fileSize;
const roundUp = (value: number): number => Math.ceil(value / pageBytes) * pageBytes;
const roundDown = (value: number): number => Math.floor(value / pageBytes) * pageBytes;

function wrongLoad(elf: Elf, { offset, address, fileSize, memorySize, flags }: Segment): string | undefined {
  if (fileSize > memorySize) return 'has a segment that is larger in the file than in memory';
  if (fileSize > 0 && Number.isSafeInteger(address) && offset % pageBytes !== address % pageBytes) {
    return 'has a segment whose address and place in the file do not fit into one page';
  }
  if (!isKnownMemory(elf)) return undefined;
  if (address + memorySize > endOfMemory(elf)) return 'has a segment beyond the memory of a process';
  if (elf.type === 'executable' && address < lowestAddress) return 'has a segment below all addresses that may be used';
  return memorySize > 0 && (flags & permissions) === 0 ? 'has a segment that may not be accessed at all' : undefined;
}

/** Of other machines the memory differs too much. */
const isKnownMemory = ({ machineName }: Elf): boolean => machineName === 'x86_64' || machineName === 'i386';

function overlap(loads: readonly Segment[]): string | undefined {
  const sorted = loads.filter(({ memorySize }) => memorySize > 0).sort((one, other) => one.address - other.address);
  const isWrong = sorted.some(
    ({ address, memorySize }, index) => address + memorySize > (sorted[index + 1]?.address ?? Infinity),
  );
  return isWrong ? 'has segments that lie over one another' : undefined;
}

/** PT_PHDR repeats what the file's header says. */
function wrongProgramHeaders({ segments, programHeaders, class: bits }: Elf): string | undefined {
  const own = segments.find(({ type }) => type === segmentTypes.programHeaders);
  if (own === undefined) return undefined;
  const sizeBytes = programHeaders.count * (bits === 64 ? 56 : 32);
  const isRight = own.offset === programHeaders.offset && own.fileSize === sizeBytes;
  return isRight ? undefined : 'has program headers elsewhere than they say themselves';
}

function strayed({ segments }: Elf, loads: readonly Segment[]): string | undefined {
  const stray = segments.find(
    (segment) => placedTypes.has(segment.type) && segment.fileSize > 0 && !loads.some((load) => holds(load, segment)),
  );
  return stray && `has a segment of type 0x${stray.type.toString(16)} where nothing is loaded`;
}

function holds(load: Segment, { type, flags, offset, address, fileSize }: Segment): boolean {
  if (address < load.address || address - load.address !== offset - load.offset) return false;
  if (offset + fileSize > roundUp(load.offset + load.memorySize)) return false;
  // What is relocated has to be written to first.
  const isWritten =
    type === segmentTypes.gnuRelro || (type === segmentTypes.dynamic && (flags & segmentFlags.write) !== 0);
  return !isWritten || (load.flags & segmentFlags.write) !== 0;
}

function wrongEntry(elf: Elf, loads: readonly Segment[]): string | undefined {
  if (elf.type !== 'executable' && !elf.isPie) return undefined;
  // In memory a segment fills whole pages, and the later one covers the earlier.
  const own = loads.findLast(
    ({ address, memorySize }) => elf.entry >= roundDown(address) && elf.entry < roundUp(address + memorySize),
  );
  return own !== undefined && isEntered(elf, own) ? undefined : 'has an entry point outside of its code';
}

function isEntered({ machine, entry }: Elf, { address, fileSize, flags }: Segment): boolean {
  // Where function descriptors are in use (ia64, 64-bit PowerPC's first ABI, hppa) the entry point is data.
  const isCode = (flags & segmentFlags.execute) !== 0 || descriptorMachines.includes(machine);
  return isCode && entry >= address && entry < address + fileSize;
}

const descriptorMachines = [50, 21, 15];

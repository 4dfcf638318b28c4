import { segmentFlags, segmentTypes } from './segments.ts';
import type { Elf, Segment } from './types.ts';

/** The smallest page of any machine that Linux runs on. */
const pageBytes = 4096;
/** Below it the kernel lets no container map anything (vm.mmap_min_addr). */
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
/** Those without which the C libraries do not come through their own start. */
const vitalTypes: ReadonlySet<number> = new Set([segmentTypes.dynamic, segmentTypes.tls, segmentTypes.gnuRelro]);

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
    wrongMachine(elf) ??
    overlap(loads) ??
    wrongProgramHeaders(elf, loads) ??
    wrongPlaces(elf, loads) ??
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

function wrongLoad(elf: Elf, { offset, address, fileSize, memorySize, align }: Segment): string | undefined {
  if (fileSize > memorySize && isStarted(elf)) return 'has a segment that is larger in the file than in memory';
  if (fileSize > 0 && Number.isSafeInteger(address) && offset % pageBytes !== address % pageBytes) {
    return 'has a segment whose address and place in the file do not fit into one page';
  }
  if (!isKnownMemory(elf)) return undefined;
  if (address + memorySize > endOfMemory(elf) || align > endOfMemory(elf))
    return 'has a segment beyond the memory of a process';
  const isTooLow = elf.type === 'executable' && memorySize > 0 && address < lowestAddress;
  return isTooLow ? 'has a segment below all addresses that may be used' : undefined;
}

/** The kernel is stricter with what it starts than loaders are with libraries. */
const isStarted = ({ type, isPie, interpreter }: Elf): boolean =>
  type === 'executable' || isPie || interpreter !== undefined;

/** Of other machines the memory differs too much. */
const isKnownMemory = ({ machineName }: Elf): boolean => machineName === 'x86_64' || machineName === 'i386';

/** The kernel reads a file of these machines in the class that they have. */
function wrongMachine({ machine, class: bits }: Elf): string | undefined {
  return bits === 64 && machine === 3 ? 'has headers of 64 bits for a machine of 32 bits' : undefined;
}

/** Files are mapped in whole pages; what is zero may lie under another segment. */
function overlap(loads: readonly Segment[]): string | undefined {
  const sorted = loads.filter(({ fileSize }) => fileSize > 0).sort((one, other) => one.address - other.address);
  const isWrong = sorted.some(
    ({ address, fileSize }, index) => roundUp(address + fileSize) > roundDown(sorted[index + 1]?.address ?? Infinity),
  );
  return isWrong ? 'has segments that lie over one another' : undefined;
}

/** C libraries read the program headers from memory, and learn from PT_PHDR how far all of it was moved. */
function wrongProgramHeaders(elf: Elf, loads: readonly Segment[]): string | undefined {
  const { segments, programHeaders, interpreter, type } = elf;
  const own = segments.find((segment) => segment.type === segmentTypes.programHeaders);
  const holder = loads.find(({ offset, fileSize, flags }) => {
    return (flags & permissions) !== 0 && programHeaders.offset >= offset && programHeaders.offset < offset + fileSize;
  });
  const isRead = segments.some((segment) => vitalTypes.has(segment.type));
  if (isRead && holder === undefined) return 'does not load its program headers';
  if (interpreter === undefined || holder === undefined) return undefined;
  if (elf.dynamic === undefined) return 'names a loader and has no dynamic section';
  if (own === undefined) return type === 'shared' ? 'does not say where its program headers are loaded' : undefined;
  const isRight = own.address === holder.address + programHeaders.offset - holder.offset;
  return isRight ? undefined : 'says of its program headers that they are loaded elsewhere';
}

function wrongPlaces(elf: Elf, loads: readonly Segment[]): string | undefined {
  const placed = elf.segments.filter(({ type, fileSize }) => placedTypes.has(type) && fileSize > 0);
  const stray = placed.find((segment) => isVital(elf, segment) && !loads.some((load) => holds(load, segment)));
  if (stray !== undefined) return `has a segment of type 0x${stray.type.toString(16)} where nothing is loaded`;
  const shifted = loads.some((load) => {
    const inside = placed.filter(({ address }) => address >= load.address && address < load.address + load.fileSize);
    // One of many may lie, as it is found by its address; all together tell of the place of what holds them.
    return inside.length > 1 && inside.every(({ address, offset }) => address - load.address !== offset - load.offset);
  });
  return shifted ? 'has a segment that is loaded from another place in the file than its parts' : undefined;
}

/** glibc's loader also reads the program's properties from memory. */
const isVital = ({ interpreter }: Elf, { type }: Segment): boolean =>
  vitalTypes.has(type) || (interpreter !== undefined && type === segmentTypes.gnuProperty);

function holds(load: Segment, { type, flags, address, fileSize, memorySize }: Segment): boolean {
  const isRelro = type === segmentTypes.gnuRelro;
  // Linkers round PT_GNU_RELRO up to a page.
  const end = address + (isRelro ? memorySize : type === segmentTypes.gnuProperty ? 1 : fileSize);
  if (
    address < load.address ||
    end > (isRelro ? roundUp(load.address + load.memorySize) : load.address + load.fileSize)
  ) {
    return false;
  }
  if ((load.flags & permissions) === 0) return false;
  // What is relocated has to be written to first.
  const isWritten = isRelro || (type === segmentTypes.dynamic && (flags & segmentFlags.write) !== 0);
  return !isWritten || (load.flags & segmentFlags.write) !== 0;
}

function wrongEntry(elf: Elf, loads: readonly Segment[]): string | undefined {
  const lowest = Math.min(...loads.map(({ address }) => address));
  if (elf.type === 'shared' && elf.dynamic === undefined && elf.interpreter === undefined && lowest >= lowestAddress) {
    return 'says that it can be loaded anywhere, and has addresses of a program that cannot';
  }
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
  return isCode && fileSize > 0 && entry >= address && entry < roundUp(address + fileSize);
}

const descriptorMachines = [50, 21, 15];

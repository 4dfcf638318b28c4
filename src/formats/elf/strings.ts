import type { Source } from '../../kit/index.ts';
import { FileReader } from './reader.ts';
import { readSections, type Section, sectionFlags, sectionTypes } from './sections.ts';
import { segmentFlags, segmentTypes } from './segments.ts';
import type { Elf, Segment } from './types.ts';

interface Range {
  readonly offset: number;
  readonly size: number;
}

const blockBytes = 1024 * 1024;
/** Of what one file may cost in time and memory; browsers have 50 MB of data. */
const dataLimit = 256 * 1024 * 1024;
const stringsLimit = 2_000_000;
const charactersLimit = 64 * 1024 * 1024;
/** A longer one is given in pieces, so that a block of text costs no more than itself. */
const stringLimit = 64 * 1024;

/**
 * The printable ASCII strings (tab included) of at least `minLength` characters in the data that a program
 * has in memory: no code, no symbol names, no debug information. In the order of the file, not deduplicated.
 * A string ends at any other byte, not only at NUL: Go and Rust write theirs without one.
 * Beyond 2,000,000 strings or 64 Mi characters it stops; what lies beyond the file's end is not there.
 */
export async function findStrings(source: Source, elf: Elf, minLength = 4): Promise<readonly string[]> {
  const reader = new FileReader(source);
  const ranges = await dataRanges(reader, elf);
  const found = new Collector(minLength);
  for (const range of ranges) {
    for (let at = 0; at < range.size && !found.isFull; at += blockBytes) {
      const length = Math.min(blockBytes, range.size - at);
      const bytes = await reader.passing(range.offset + at, length);
      found.scan(bytes);
      if (bytes.length < length) break;
    }
    found.endOfRange();
  }
  return found.strings;
}

/**
 * Gathers the printable runs side by side in one buffer and turns them into strings together,
 * which is several times as fast as one by one, and holds no memory but theirs.
 */
class Collector {
  readonly strings: string[] = [];
  readonly #minLength: number;
  readonly #runs = Buffer.alloc(blockBytes);
  /** Where each whole run ends in `runs`; the next one begins there. */
  #ends: number[] = [];
  /** The end of what was gathered: a run that may go on. */
  #used = 0;
  #characters = 0;

  constructor(minLength: number) {
    this.#minLength = Math.max(minLength, 1);
  }

  get isFull(): boolean {
    return this.strings.length >= stringsLimit || this.#characters >= charactersLimit;
  }

  /** Looks at the byte where a run must still go on to be long enough, and leaps when it does not. */
  scan(bytes: Buffer): void {
    let at = this.#gather(bytes, 0);
    while (at < bytes.length) {
      const start = at;
      at = Math.min(start + this.#minLength, bytes.length) - 1;
      while (at >= start && isPrintable[bytes[at] ?? 0] === 1) at--;
      at = at >= start ? at + 1 : this.#gather(bytes, start);
    }
  }

  /** Takes the run at `from`, which may continue the last one, and returns what follows the byte that ended it. */
  #gather(bytes: Buffer, from: number): number {
    const runs = this.#runs;
    const start = this.#ends.at(-1) ?? 0;
    const limit = start + stringLimit;
    let used = this.#used;
    let at = from;
    for (; at < bytes.length && isPrintable[bytes[at] ?? 0] === 1 && used < limit; at++) runs[used++] = bytes[at] ?? 0;
    this.#used = used;
    if (at === bytes.length && used < limit) return at;
    this.#endRun(start);
    return used < limit ? at + 1 : at;
  }

  #endRun(start: number): void {
    if (this.#used - start >= this.#minLength) this.#ends.push(this.#used);
    else this.#used = start;
    if (this.#used + stringLimit > blockBytes) this.#flush();
  }

  endOfRange(): void {
    this.#endRun(this.#ends.at(-1) ?? 0);
    this.#flush();
  }

  #flush(): void {
    const text = this.#runs.toString('latin1', 0, this.#ends.at(-1) ?? 0);
    let start = 0;
    for (const end of this.#ends) {
      this.strings.push(text.slice(start, end));
      start = end;
    }
    this.#characters += start;
    this.#ends = [];
    this.#used = 0;
  }
}

const isPrintable = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte === 9 || (byte >= 0x20 && byte < 0x7f) ? 1 : 0,
);

/** What holds tables for unwinding or symbolising, whose bytes look like strings now and then. */
const tableNames = new Set(['.eh_frame', '.eh_frame_hdr', '.gcc_except_table', '.gopclntab', '.interp', '.ARM.exidx']);

async function dataRanges(reader: FileReader, elf: Elf): Promise<Range[]> {
  const sections = await readSections(reader, elf);
  const data = sections.filter(isData);
  const ranges = data.length > 0 ? data : dataSegments(elf.segments);
  return withinLimit(ranges);
}

const isData = ({ type, flags, name }: Section): boolean =>
  type === sectionTypes.progbits &&
  (flags & sectionFlags.allocated) !== 0 &&
  (flags & sectionFlags.executable) === 0 &&
  !tableNames.has(name);

/** Without section headers: code is searched as well where a linker put constants beside it. */
function dataSegments(segments: readonly Segment[]): Range[] {
  const loads = segments.filter(({ type }) => type === segmentTypes.load);
  const code = loads.findIndex(({ flags }) => (flags & segmentFlags.execute) !== 0);
  const constants = loads.findLastIndex(({ flags }) => flags === segmentFlags.read);
  const apart = constants > code || (constants !== -1 && code > 0 && (loads[constants]?.fileSize ?? 0) > blockBytes);
  return loads
    .filter(({ flags }) => !apart || (flags & segmentFlags.execute) === 0)
    .map(({ offset, fileSize }) => ({ offset, size: fileSize }));
}

/** Sorted, without overlaps (hostile headers can name the same bytes many times), not more than the limit. */
function withinLimit(ranges: readonly Range[]): Range[] {
  const kept: Range[] = [];
  let left = dataLimit;
  let end = 0;
  for (const range of [...ranges].sort((a, b) => a.offset - b.offset)) {
    const offset = Math.max(range.offset, end);
    const size = Math.min(range.offset + range.size - offset, left);
    if (!(size > 0)) continue;
    kept.push({ offset, size });
    left -= size;
    end = offset + size;
  }
  return kept;
}

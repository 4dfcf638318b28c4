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

class Collector {
  readonly strings: string[] = [];
  readonly #minLength: number;
  #characters = 0;
  /** The end of the block before, which the next one may continue. */
  #begun = '';

  constructor(minLength: number) {
    this.#minLength = Math.max(minLength, 1);
  }

  get isFull(): boolean {
    return this.strings.length >= stringsLimit || this.#characters >= charactersLimit;
  }

  scan(bytes: Buffer): void {
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (isPrintable[bytes[at] ?? 0] === 1) continue;
      if (at - start + this.#begun.length >= this.#minLength) this.#add(bytes.toString('latin1', start, at));
      this.#begun = '';
      start = at + 1;
    }
    this.#begun += bytes.toString('latin1', start);
    if (this.#begun.length >= stringLimit) this.endOfRange();
  }

  endOfRange(): void {
    if (this.#begun.length >= this.#minLength) this.#add('');
    this.#begun = '';
  }

  #add(rest: string): void {
    const text = this.#begun + rest;
    this.#characters += text.length;
    for (let at = 0; at < text.length; at += stringLimit) {
      if (!this.isFull || at > 0)
        this.strings.push(text.length <= stringLimit ? text : text.slice(at, at + stringLimit));
    }
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

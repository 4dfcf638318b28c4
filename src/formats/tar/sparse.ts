import { blockSize, maxSparseBytes, maxSparsePieces } from './limits.ts';
import { malformed } from './malformed.ts';
import { parseDecimal, parseNumber } from './number.ts';
import type { PaxRecords } from './pax.ts';

/** Where the stored bytes of a sparse file belong: offset and length in turn, ascending; all else is zeros. */
export type SparseMap = readonly number[];

/** Which of the four ways of GNU tar an entry takes to give its map. */
export type SparseKind = 'none' | 'pax' | 'pax-in-body' | 'old';

const field = { mapInHeader: 386, extendedInHeader: 482, realSize: 483, extendedInBlock: 504 };
const pairsInHeader = 4;
const pairsInBlock = 21;
const sparseTypeFlag = 0x53;

/** How a sparse file is told: formats 0.0 and 0.1 in PAX records, 1.0 before the content, old GNU in headers. */
export function sparseKindOf(typeFlag: number, { values, sparse }: PaxRecords): SparseKind {
  if (typeFlag === sparseTypeFlag) return 'old';
  const text = (key: string): string => values.get(key)?.toString('latin1') ?? '';
  if (text('GNU.sparse.major') === '1' && text('GNU.sparse.minor') === '0') return 'pax-in-body';
  return text('GNU.sparse.map') !== '' || sparse.length > 0 ? 'pax' : 'none';
}

/** The map of formats 0.0 and 0.1. */
export function mapOfRecords({ values, sparse }: PaxRecords, offset: number): SparseMap {
  const map = values.get('GNU.sparse.map');
  const texts = map === undefined ? sparse : map.toString('latin1').split(',');
  return texts.map((text) => wholeNumber(parseDecimal(text), offset));
}

/** Collects the map of an old GNU sparse file from its header and the blocks that follow it. */
export class OldSparseMap {
  readonly map: number[] = [];
  /** Length of the file as its reader sees it. */
  readonly sizeBytes: number;
  /** Whether another block of the map follows. */
  more: boolean;
  readonly #offset: number;

  constructor(header: Buffer, offset: number) {
    this.#offset = offset;
    this.sizeBytes = wholeNumber(parseNumber(header, field.realSize, 12), offset);
    this.more = header[field.extendedInHeader] !== 0;
    this.#pairs(header, field.mapInHeader, pairsInHeader);
  }

  add(block: Buffer): void {
    this.more = block[field.extendedInBlock] !== 0;
    this.#pairs(block, 0, pairsInBlock);
  }

  #pairs(block: Buffer, start: number, count: number): void {
    for (let at = start; at < start + count * 24; at += 24) {
      if (block[at] === 0 || block[at + 12] === 0) return;
      this.map.push(wholeNumber(parseNumber(block, at, 12), this.#offset));
      this.map.push(wholeNumber(parseNumber(block, at + 12, 12), this.#offset));
    }
    if (this.map.length / 2 > maxSparsePieces) throw tooManyPieces(this.#offset);
  }
}

/** Collects the map of format 1.0: decimal lines, first the number of pieces, filled up to whole blocks. */
export class MapInBody {
  readonly map: number[] = [];
  /** Bytes of the map in the archive so far. */
  sizeBytes = 0;
  readonly #offset: number;
  #wanted: number | undefined;
  #line = '';

  constructor(offset: number) {
    this.#offset = offset;
  }

  get more(): boolean {
    return this.#wanted === undefined || this.map.length < this.#wanted;
  }

  add(block: Buffer): void {
    this.sizeBytes += blockSize;
    const lines = (this.#line + block.toString('latin1')).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) {
      if (this.more) this.#take(wholeNumber(parseDecimal(line), this.#offset));
    }
    if (this.more && this.#line.length > 20) throw malformed(this.#offset, 'has a broken sparse map');
  }

  #take(value: number): void {
    if (this.#wanted !== undefined) this.map.push(value);
    else if (value > maxSparsePieces) throw tooManyPieces(this.#offset);
    else this.#wanted = value * 2;
  }
}

/**
 * Checks that the pieces of `map` ascend, lie inside the file and are as long as what is stored.
 * @throws {Fault} TAR_MALFORMED otherwise.
 */
export function checkSparseMap(map: SparseMap, size: { realBytes: number; storedBytes: number }, offset: number): void {
  if (map.length % 2 !== 0) throw malformed(offset, 'has a sparse map that ends within a piece');
  if (map.length / 2 > maxSparsePieces) throw tooManyPieces(offset);
  if (size.realBytes > maxSparseBytes) {
    throw malformed(offset, `is a sparse file of ${size.realBytes} bytes, more than ${maxSparseBytes}`);
  }
  let end = 0;
  let stored = 0;
  for (let index = 0; index < map.length; index += 2) {
    const start = map[index] ?? 0;
    const length = map[index + 1] ?? 0;
    if (start < end) throw malformed(offset, 'has a sparse map whose pieces overlap or do not ascend');
    end = start + length;
    stored += length;
  }
  if (end > size.realBytes) throw malformed(offset, `has a sparse map that goes beyond its ${size.realBytes} bytes`);
  if (stored !== size.storedBytes) {
    throw malformed(offset, `stores ${size.storedBytes} bytes of a sparse file whose map names ${stored}`);
  }
}

function wholeNumber(value: number, offset: number): number {
  if (value >= 0) return value;
  throw malformed(offset, 'has a sparse map with something else than whole numbers');
}

const tooManyPieces = (offset: number) => malformed(offset, `has a sparse map of more than ${maxSparsePieces} pieces`);

import { textOfBytes } from '../../kit/index.ts';
import { type Decoded, decodeHeader, type Extensions, noExtensions } from './decode.ts';
import type { TarMember } from './entry.ts';
import { isZeroBlock, RawHeader } from './header.ts';
import { TarInput } from './input.ts';
import { blockSize, maxMetadataBytes, paddingOf } from './limits.ts';
import { malformed } from './malformed.ts';
import { mergeGlobal, mergePax, noRecords, type PaxRecords, parsePax } from './pax.ts';
import { checkSparseMap, MapInBody, mapOfRecords, OldSparseMap, type SparseMap, sparseKindOf } from './sparse.ts';

/** Flags of headers that speak of the next one. */
const flag = { localPax: 0x78, solarisPax: 0x58, globalPax: 0x67, longName: 0x4c, longLink: 0x4b } as const;
const extensionFlags: ReadonlySet<number> = new Set(Object.values(flag));

/** What of an archive is read next. */
type State =
  | { readonly at: 'header' }
  | { readonly at: 'extension'; readonly typeFlag: number; readonly sizeBytes: number }
  | { readonly at: 'sparse-map'; readonly decoded: Decoded; readonly map: OldSparseMap | MapInBody }
  | { readonly at: 'end' };

/** Whether a step was made, or made a member, or has to wait for the next chunk. */
type Step = 'made' | 'wait' | TarMember;

/**
 * The grammar of tar as a synchronous machine: it is fed with chunks and asked for members and content.
 * Whenever it answers undefined, either it is `done` or it wants the next chunk (or to hear of the end).
 * It keeps no view of a chunk when it wants the next one. Each failure is a Fault TAR_MALFORMED, after
 * which it is of no more use.
 */
export class TarCursor {
  readonly #input = new TarInput();
  #state: State = { at: 'header' };
  #extensions: Extensions = noExtensions;
  #global: PaxRecords = noRecords;
  /** Of the header that is being read, or was read last. */
  #headerOffset = 0;
  /** Stored content of the current member that was not handed out yet, and what fills its last block. */
  #left = 0;
  #padding = 0;
  #map: SparseMap | undefined;
  #pieceIndex = 0;
  #pieceUsed = 0;
  #position = 0;

  feed(chunk: Uint8Array): void {
    this.#input.feed(chunk);
  }

  end(): void {
    this.#input.end();
  }

  get done(): boolean {
    return this.#state.at === 'end';
  }

  /** Whether all stored content of the current member was handed out. */
  get bodyDone(): boolean {
    return this.#left === 0;
  }

  /** Where in the file the bytes belong that {@link read} gave last. */
  get position(): number {
    return this.#position;
  }

  /** The next member; what is left of the current one is skipped. */
  next(): TarMember | undefined {
    if (this.#left > 0) this.#input.skip(this.#left + this.#padding);
    this.#left = 0;
    for (;;) {
      const step = this.#step();
      if (step === 'wait') return this.#wait();
      if (step !== 'made') return step;
    }
  }

  /** Some stored bytes of the current member; undefined when there are no more, or none yet. */
  read(): Buffer | undefined {
    if (this.#left === 0) return undefined;
    const bytes = this.#input.piece(this.#map === undefined ? this.#left : this.#restOfPiece(this.#map));
    if (bytes === undefined) {
      if (this.#input.ended) throw this.#truncated(this.#left);
      return undefined;
    }
    this.#position = this.#map === undefined ? this.#pieceUsed : (this.#map[this.#pieceIndex] ?? 0) + this.#pieceUsed;
    this.#pieceUsed += bytes.length;
    this.#left -= bytes.length;
    if (this.#left === 0) this.#input.skip(this.#padding);
    return bytes;
  }

  #restOfPiece(map: SparseMap): number {
    while (this.#pieceUsed === map[this.#pieceIndex + 1]) {
      this.#pieceIndex += 2;
      this.#pieceUsed = 0;
    }
    return (map[this.#pieceIndex + 1] ?? 0) - this.#pieceUsed;
  }

  #step(): Step {
    const state = this.#state;
    switch (state.at) {
      case 'header':
        return this.#header();
      case 'extension':
        return this.#extension(state.typeFlag, state.sizeBytes);
      case 'sparse-map':
        return this.#sparseMap(state.decoded, state.map);
      case 'end':
        return 'wait';
    }
  }

  /** Nothing more can be done with the bytes that there are: fine, unless they were the last ones. */
  #wait(): undefined {
    if (!this.#input.ended || this.#state.at === 'end') return;
    // The padding of the last file may be missing, as for Go's reader
    if (this.#input.owed > this.#padding) throw this.#truncated(this.#input.owed - this.#padding);
    const between = this.#state.at === 'header' && this.#input.carried === 0;
    if (!between) throw malformed(this.#headerOffset, 'is cut short within its header');
    this.#finish();
  }

  #truncated(missing: number): Error {
    return malformed(this.#headerOffset, `is cut short: ${missing} bytes of its content are missing`);
  }

  #finish(): void {
    if (this.#extensions !== noExtensions) {
      throw malformed(this.#headerOffset, 'speaks of a following entry, and none follows');
    }
    this.#state = { at: 'end' };
  }

  #header(): Step {
    const offset = this.#input.offset;
    const block = this.#input.take(blockSize);
    if (block === undefined) {
      if (this.#input.carried > 0) this.#headerOffset = offset;
      return 'wait';
    }
    if (isZeroBlock(block)) {
      this.#finish();
      return 'made';
    }
    this.#headerOffset = offset;
    const raw = new RawHeader(block, offset);
    return extensionFlags.has(raw.typeFlag) ? this.#beginExtension(raw) : this.#beginMember(raw);
  }

  #beginExtension(raw: RawHeader): Step {
    const sizeBytes = raw.number('size');
    if (!(sizeBytes >= 0 && sizeBytes <= maxMetadataBytes)) {
      throw malformed(raw.offset, `is an extension header of ${sizeBytes} bytes, more than ${maxMetadataBytes}`);
    }
    this.#state = { at: 'extension', typeFlag: raw.typeFlag, sizeBytes };
    return 'made';
  }

  #extension(typeFlag: number, sizeBytes: number): Step {
    const view = sizeBytes === 0 ? Buffer.alloc(0) : this.#input.take(sizeBytes);
    if (view === undefined) return 'wait';
    this.#leaveOut(0, paddingOf(sizeBytes));
    this.#state = { at: 'header' };
    const bytes = Buffer.from(view);
    if (typeFlag === flag.longName) this.#extensions = { ...this.#extensions, longName: textToNul(bytes) };
    else if (typeFlag === flag.longLink) this.#extensions = { ...this.#extensions, longLink: textToNul(bytes) };
    else this.#addPax(parsePax(bytes, this.#headerOffset), typeFlag === flag.globalPax);
    return 'made';
  }

  #addPax(records: PaxRecords, isGlobal: boolean): void {
    if (isGlobal) this.#global = mergeGlobal(this.#global, records, this.#headerOffset);
    else this.#extensions = { ...this.#extensions, pax: records };
  }

  #beginMember(raw: RawHeader): Step {
    const pax = mergePax(this.#global, this.#extensions.pax);
    const decoded = decodeHeader(raw, { ...this.#extensions, pax });
    this.#extensions = noExtensions;
    if (decoded === undefined) {
      const size = Math.max(raw.number('size'), 0);
      this.#leaveOut(size, paddingOf(size));
      return 'made';
    }
    if (decoded.header.type !== 'file') return this.#memberWithoutContent(decoded);
    switch (sparseKindOf(raw.typeFlag, pax)) {
      case 'none':
        return this.#member(decoded);
      case 'pax':
        return this.#sparseMember(decoded, mapOfRecords(pax, raw.offset), decoded.storedBytes);
      case 'old':
        return this.#awaitMap(decoded, new OldSparseMap(raw.block, raw.offset));
      case 'pax-in-body':
        return this.#awaitMap(decoded, new MapInBody(raw.offset));
    }
  }

  #awaitMap(decoded: Decoded, map: OldSparseMap | MapInBody): Step {
    this.#state = { at: 'sparse-map', decoded, map };
    return 'made';
  }

  #sparseMap(decoded: Decoded, map: OldSparseMap | MapInBody): Step {
    while (map.more) {
      const mayRead = map instanceof OldSparseMap || map.sizeBytes < Math.min(decoded.storedBytes, maxMetadataBytes);
      if (!mayRead) throw malformed(this.#headerOffset, 'has a sparse map that does not end');
      const block = this.#input.take(blockSize);
      if (block === undefined) return 'wait';
      map.add(block);
    }
    this.#state = { at: 'header' };
    const storedBytes = decoded.storedBytes - (map instanceof MapInBody ? map.sizeBytes : 0);
    const realBytes = map instanceof OldSparseMap ? map.sizeBytes : decoded.realBytes;
    return this.#sparseMember({ ...decoded, realBytes }, map.map, storedBytes);
  }

  #sparseMember({ header, realBytes }: Decoded, map: SparseMap, storedBytes: number): TarMember {
    checkSparseMap(map, { realBytes, storedBytes }, this.#headerOffset);
    const member = { header: { ...header, sizeBytes: realBytes }, offset: this.#input.offset, contiguous: false };
    this.#enter(storedBytes, map);
    return member;
  }

  #member({ header, storedBytes }: Decoded): TarMember {
    const member = { header, offset: this.#input.offset, contiguous: true };
    this.#enter(storedBytes, undefined);
    return member;
  }

  #memberWithoutContent({ header, storedBytes }: Decoded): TarMember {
    const member = { header, offset: this.#input.offset, contiguous: true };
    this.#leaveOut(storedBytes, paddingOf(storedBytes));
    return member;
  }

  #enter(storedBytes: number, map: SparseMap | undefined): void {
    this.#left = storedBytes;
    this.#padding = paddingOf(storedBytes);
    this.#map = map;
    this.#pieceIndex = 0;
    this.#pieceUsed = 0;
    this.#position = 0;
  }

  #leaveOut(bytes: number, padding: number): void {
    this.#padding = padding;
    this.#input.skip(bytes + padding);
  }
}

/** GNU's long names end at a NUL, which counts into their size. */
function textToNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return textOfBytes(end === -1 ? bytes : bytes.subarray(0, end));
}

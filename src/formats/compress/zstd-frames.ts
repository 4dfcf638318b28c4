import { malformed } from './malformed.ts';

/** Largest window that is read: what zstd itself allows without being told (`--long=27`). */
export const maxWindowBytes = 1 << 27;

/** What is read next: a frame's header (in two steps), a block's header, or bytes that are only counted. */
type State = 'magic' | 'descriptor' | 'block-header' | 'block' | 'checksum' | 'skip-size' | 'skip';

const dataMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
const checksumBytes = 4;
const blockHeaderBytes = 3;

/**
 * Finds where the parts of a zstd stream end (RFC 8878, 3.1) without decoding them, because decoders forget what
 * follows a frame (Node's) or trust any window (fzstd).
 * @throws {Fault} COMPRESSION_MALFORMED for what is no frame, and for windows over {@link maxWindowBytes}.
 */
export class ZstdFrames {
  /** Set by {@link advance}: whether the part that ends there is a whole one, and whether a frame ends with it. */
  unitEnded = false;
  frameEnded = false;
  /** Whether the current frame is one to be skipped. */
  skippable = false;
  /** Of the current frame. */
  windowBytes = 0;
  #state: State = 'magic';
  #head: number[] = [];
  #wanted = 4;
  #left = 0;
  #hasChecksum = false;
  #lastBlock = false;
  #frames = 0;

  /** @throws {Fault} COMPRESSION_MALFORMED when a stream cannot end here: within a frame, or before the first. */
  end(): void {
    if (this.#frames === 0 || !this.#isBetweenFrames()) throw malformed('zstd', 'is cut short');
  }

  /** Reads on in `chunk` from `at` to the end of the current unit (header or block) or of the chunk; gives where. */
  advance(chunk: Uint8Array, at: number): number {
    this.unitEnded = false;
    this.frameEnded = false;
    if (this.#isBetweenFrames()) this.skippable = false;
    let place = at;
    while (place < chunk.length && !this.unitEnded) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - place);
        this.#left -= taken;
        place += taken;
        if (this.#left === 0) this.#bulkEnded();
      } else {
        this.#head.push(chunk[place++] ?? 0);
        if (this.#head.length === this.#wanted) this.#headEnded();
      }
    }
    return place;
  }

  #isBetweenFrames(): boolean {
    return this.#state === 'magic' && this.#head.length === 0;
  }

  #collect(state: State, bytes: number): void {
    this.#state = state;
    this.#head = [];
    this.#wanted = bytes;
  }

  #headEnded(): void {
    switch (this.#state) {
      case 'magic':
        this.#magic(littleEndian(this.#head, 0, 4));
        break;
      case 'skip-size':
        this.#count('skip', littleEndian(this.#head, 0, 4));
        break;
      case 'descriptor':
        this.#descriptor();
        break;
      default:
        this.#blockHeader(littleEndian(this.#head, 0, blockHeaderBytes));
    }
  }

  #magic(magic: number): void {
    this.skippable = (magic & 0xfffffff0) >>> 0 === skippableMagic;
    if (this.skippable) this.#collect('skip-size', 4);
    else if (magic === dataMagic) this.#collect('descriptor', 1);
    else throw malformed('zstd', 'has something else where a frame belongs');
  }

  /** Called with one byte, which tells how many there are, and again with all of them. */
  #descriptor(): void {
    const first = this.#head[0] ?? 0;
    const singleSegment = (first & 0x20) !== 0;
    const dictionaryBytes = [0, 1, 2, 4][first & 3] ?? 0;
    const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][first >> 6] ?? 0;
    const windowBytes = singleSegment ? 0 : 1;
    this.#wanted = 1 + windowBytes + dictionaryBytes + sizeBytes;
    if (this.#head.length < this.#wanted) return;
    if ((first & 8) !== 0) throw malformed('zstd', 'has a frame with a reserved bit set');
    const contentSize = littleEndian(this.#head, 1 + windowBytes + dictionaryBytes, sizeBytes);
    this.#hasChecksum = (first & 4) !== 0;
    this.#openFrame(singleSegment ? contentSize : windowOf(this.#head[1] ?? 0));
  }

  #openFrame(windowBytes: number): void {
    if (windowBytes > maxWindowBytes) {
      throw malformed('zstd', `wants a window of ${windowBytes} bytes, and at most ${maxWindowBytes} are given`);
    }
    this.windowBytes = windowBytes;
    this.unitEnded = true;
    this.#collect('block-header', blockHeaderBytes);
  }

  #blockHeader(header: number): void {
    const kind = (header >> 1) & 3;
    const size = header >> 3;
    if (kind === 3) throw malformed('zstd', 'has a block of a reserved kind');
    if (size > 1 << 17) throw malformed('zstd', 'has a block of more than 128 KiB');
    this.#lastBlock = (header & 1) !== 0;
    this.#count('block', kind === 1 ? 1 : size);
  }

  #count(state: State, bytes: number): void {
    this.#collect(state, 0);
    this.#left = bytes;
    if (bytes === 0) this.#bulkEnded();
  }

  #bulkEnded(): void {
    if (this.#state === 'block' && !this.#lastBlock) {
      this.unitEnded = true;
      this.#collect('block-header', blockHeaderBytes);
    } else if (this.#state === 'block' && this.#hasChecksum) {
      this.#count('checksum', checksumBytes);
    } else {
      this.unitEnded = true;
      this.frameEnded = true;
      this.#frames++;
      this.#collect('magic', 4);
    }
  }
}

/** RFC 8878, 3.1.1.1.2: an exponent, and eighths on top. */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** Exact enough for comparisons beyond 2^53. */
function littleEndian(bytes: readonly number[], at: number, length: number): number {
  let value = 0;
  for (let index = at + length - 1; index >= at; index--) value = value * 256 + (bytes[index] ?? 0);
  return value;
}

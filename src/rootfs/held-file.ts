import { readAt, type Source } from '../kit/index.ts';

/** What of a file's content is at hand. */
export interface Held {
  /** Bytes from the beginning on that are there without a gap. */
  readonly leadingBytes: number;
  /** All of that range, which lies in the file; undefined when any of it is not there. */
  read(offset: number, length: number): Uint8Array | undefined;
  /** As `read`, for what is still to come. */
  await?(offset: number, length: number): Promise<Uint8Array> | undefined;
}

/** Where all of a file's content can be had. */
export interface Elsewhere {
  source(): Source;
}

/**
 * A file of which parts are held and the rest can be had at some cost: every question gets its right answer, those
 * about held parts at once.
 */
export class HeldFile implements Source {
  readonly sizeBytes: number;
  held: Held;
  readonly #elsewhere: Elsewhere;

  constructor(sizeBytes: number, held: Held, elsewhere: Elsewhere) {
    this.sizeBytes = sizeBytes;
    this.held = held;
    this.#elsewhere = elsewhere;
  }

  get inMemory(): boolean {
    return true;
  }

  readAt(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.sizeBytes - offset));
    if (wanted === 0) return Promise.resolve(new Uint8Array(0));
    const bytes = this.held.read(offset, wanted);
    if (bytes !== undefined) return Promise.resolve(bytes);
    return this.held.await?.(offset, wanted) ?? readAt(this.#elsewhere.source(), offset, wanted);
  }

  async *open(): AsyncGenerator<Uint8Array> {
    const known = this.held.leadingBytes;
    if (known > 0) yield this.held.read(0, known) ?? new Uint8Array(0);
    if (known === this.sizeBytes) return;
    let at = 0;
    for await (const chunk of this.#elsewhere.source().open()) {
      const rest = chunk.subarray(Math.max(0, known - at));
      at += chunk.length;
      if (rest.length > 0) yield rest;
    }
  }
}

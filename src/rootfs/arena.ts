import type { Held } from './held-file.ts';

const slabBytes = 64 * 1024;

/**
 * Copies of small pieces side by side in larger buffers: a Buffer for each would take more memory than most of them
 * hold. The memory is free when all pieces of a buffer are forgotten.
 */
export class Arena {
  #slab = Buffer.alloc(0);
  #used = 0;

  put(bytes: Uint8Array): Held {
    if (bytes.length > slabBytes / 4) return new Piece(copyOf(bytes), 0, bytes.length);
    if (this.#used + bytes.length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(slabBytes);
      this.#used = 0;
    }
    const piece = new Piece(this.#slab, this.#used, bytes.length);
    this.#slab.set(bytes, this.#used);
    this.#used += bytes.length;
    return piece;
  }
}

/** A copy with memory of its own: short ones of Buffer's share some, which they would keep from being freed. */
export function copyOf(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}

/** The beginning of a file, or all of it. */
class Piece implements Held {
  readonly #slab: Buffer;
  readonly #at: number;
  readonly leadingBytes: number;

  constructor(slab: Buffer, at: number, length: number) {
    this.#slab = slab;
    this.#at = at;
    this.leadingBytes = length;
  }

  read(offset: number, length: number): Uint8Array | undefined {
    if (offset + length > this.leadingBytes) return undefined;
    return this.#slab.subarray(this.#at + offset, this.#at + offset + length);
  }
}

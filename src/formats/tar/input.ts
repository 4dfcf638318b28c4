import { maxMetadataBytes } from './limits.ts';

/**
 * The bytes of an archive as they come, handed out in the portions that its grammar wants.
 * Portions are views of the chunk that was fed, and copies only where they cross two chunks.
 */
export class TarInput {
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Where the chunk begins in the archive. */
  #base = 0;
  #carry: Buffer | undefined;
  #carried = 0;
  #owed = 0;
  #ended = false;

  /** Takes the next chunk; all of the one before must be used up. */
  feed(chunk: Uint8Array): void {
    this.#base += this.#chunk.length;
    this.#chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.#at = 0;
  }

  end(): void {
    this.#ended = true;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Where the next portion begins in the archive, what is owed counted as read. */
  get offset(): number {
    return this.#base + this.#at - this.#carried + this.#owed;
  }

  /** Bytes that {@link skip} could not skip yet. */
  get owed(): number {
    return this.#owed;
  }

  /** Bytes of a portion that has begun and waits for the rest. */
  get carried(): number {
    return this.#carried;
  }

  /** Exactly `length` bytes (at most one metadata record with padding), or undefined until they are there. */
  take(length: number): Buffer | undefined {
    this.#payOwed();
    const available = this.#chunk.length - this.#at;
    if (this.#owed > 0 || available === 0) return undefined;
    if (this.#carry === undefined && available >= length) {
      this.#at += length;
      return this.#chunk.subarray(this.#at - length, this.#at);
    }
    return this.#carryOn(length, available);
  }

  /** From 1 up to `most` bytes, or undefined until there are some. */
  piece(most: number): Buffer | undefined {
    this.#payOwed();
    const length = Math.min(most, this.#chunk.length - this.#at);
    if (this.#owed > 0 || length <= 0) return undefined;
    this.#at += length;
    return this.#chunk.subarray(this.#at - length, this.#at);
  }

  /** Leaves out the next `length` bytes, those too that are still to come. */
  skip(length: number): void {
    this.#owed += length;
    this.#payOwed();
  }

  #payOwed(): void {
    if (this.#owed === 0) return;
    const paid = Math.min(this.#owed, this.#chunk.length - this.#at);
    this.#at += paid;
    this.#owed -= paid;
  }

  #carryOn(length: number, available: number): Buffer | undefined {
    this.#carry ??= Buffer.allocUnsafe(Math.min(length, maxMetadataBytes * 2));
    const part = Math.min(length - this.#carried, available);
    this.#chunk.copy(this.#carry, this.#carried, this.#at, this.#at + part);
    this.#at += part;
    this.#carried += part;
    if (this.#carried < length) return undefined;
    const whole = this.#carry;
    this.#carry = undefined;
    this.#carried = 0;
    return whole;
  }
}

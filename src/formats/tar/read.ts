import { TarCursor } from './cursor.ts';
import type { TarEntry, TarMember } from './entry.ts';

/**
 * Reads an archive entry by entry, in its order: v7, ustar, PAX with local and global headers, GNU with long
 * names, base-256 and all four sparse formats. Headers that lie in one chunk are read without waiting.
 *
 * - Global PAX records hold for all entries after them until they are replaced, as for GNU tar and Python.
 * - The first block of zeros ends the archive, as for GNU tar and Python; so does the end of the input between
 *   two entries, as for Go. What follows the end is read and not looked at, so that checks behind `bytes`
 *   (digests, lengths) see all of it.
 * - Links, devices, directories and fifos have no content, whatever their size field says, as for Go.
 * - Sparse files, of up to 2 TiB, are expanded by `body` from one block of zeros (see {@link isHole}): how much of
 *   a hostile archive is read or written is for the caller to bound.
 *
 * @throws {Fault} TAR_MALFORMED.
 * @see POSIX.1-2017, pax; GNU tar manual, "Basic Tar Format"
 */
export async function* readTar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const chunks = bytes[Symbol.asyncIterator]();
  const cursor = new TarCursor();
  const readMore = async (): Promise<void> => {
    const chunk = await chunks.next();
    if (chunk.done) cursor.end();
    else cursor.feed(chunk.value);
  };
  try {
    while (!cursor.done) {
      const member = cursor.next();
      if (member !== undefined) {
        const body = new Body(cursor, member, readMore);
        yield { ...member, body };
        body.close();
      } else if (!cursor.done) {
        await readMore();
      }
    }
    while (!(await chunks.next()).done);
  } finally {
    await chunks.return?.();
  }
}

const zeros = Buffer.alloc(1 << 20);

/** Whether a piece of a body is part of a hole of a sparse file, which needs no room where it is written. */
export const isHole = (piece: Uint8Array): boolean => piece.buffer === zeros.buffer;

const atEnd: IteratorResult<Uint8Array> = { done: true, value: undefined };

/** The content of one entry, with holes as zeros. What lies in the chunk at hand is given without waiting. */
class Body implements AsyncIterableIterator<Uint8Array> {
  readonly #cursor: TarCursor;
  readonly #sizeBytes: number;
  readonly #readMore: () => Promise<void>;
  #given = 0;
  /** Read, and to be given after the hole before it. */
  #ahead: Buffer | undefined;
  #closed = false;

  constructor(cursor: TarCursor, { header }: TarMember, readMore: () => Promise<void>) {
    this.#cursor = cursor;
    this.#sizeBytes = header.sizeBytes;
    this.#readMore = readMore;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  close(): void {
    this.#closed = true;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#closed) return Promise.reject(new Error('the body of a tar entry is read after the next entry'));
    try {
      if (this.#given === this.#sizeBytes && this.#cursor.bodyDone) return Promise.resolve(atEnd);
      const value = this.#now();
      return value === undefined ? this.#later() : Promise.resolve({ done: false, value });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    return Promise.resolve(atEnd);
  }

  async #later(): Promise<IteratorResult<Uint8Array>> {
    for (;;) {
      await this.#readMore();
      const value = this.#now();
      if (value !== undefined) return { done: false, value };
    }
  }

  #now(): Buffer | undefined {
    const piece = this.#ahead ?? this.#cursor.read();
    if (piece === undefined && !this.#cursor.bodyDone) return undefined;
    const hole = (piece === undefined ? this.#sizeBytes : this.#cursor.position) - this.#given;
    this.#ahead = hole > 0 ? piece : undefined;
    const value = hole > 0 || piece === undefined ? zeros.subarray(0, Math.min(hole, zeros.length)) : piece;
    this.#given += value.length;
    return value;
  }
}

import { closeSync, constants, openSync, readSync } from 'node:fs';
import { errnoOf, Fault, type Source } from '../kit/index.ts';

// A regular file does not mind O_NONBLOCK; a fifo that took its place after lstat would else hang the open.
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const pieceBytes = 1 << 20;

/** A file of the host; `file` is its path there, so that a copy can be left to the kernel. */
export class HostSource implements Source {
  readonly file: string | Buffer;
  readonly sizeBytes: number;

  constructor(file: string | Buffer, sizeBytes: number) {
    this.file = file;
    this.sizeBytes = sizeBytes;
  }

  /** Reads in the caller's turn: for local files a thread pool costs more than it saves. */
  async *open(): AsyncGenerator<Uint8Array> {
    const fd = this.#openFile();
    try {
      // Files of /proc say that they are empty, so the end of those is where nothing more comes.
      for (let left = this.sizeBytes; left > 0 || this.sizeBytes === 0; ) {
        const piece = Buffer.allocUnsafeSlow(this.sizeBytes === 0 ? 4096 : Math.min(left, pieceBytes));
        const count = readSync(fd, piece, 0, piece.length, null);
        if (count === 0) return;
        left -= count;
        yield count === piece.length ? piece : piece.subarray(0, count);
      }
    } finally {
      closeSync(fd);
    }
  }

  async readAt(offset: number, length: number): Promise<Uint8Array> {
    const fd = this.#openFile();
    try {
      return readRange(fd, offset, Math.min(length, Math.max(this.sizeBytes - offset, 0)));
    } finally {
      closeSync(fd);
    }
  }

  #openFile(): number {
    try {
      return openSync(this.file, flags);
    } catch (error) {
      throw unreadable(this.file, error);
    }
  }
}

/** Up to `length` bytes of an open file from `offset` on; fewer only at its end. */
export function readRange(fd: number, offset: number, length: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

/** @returns FILE_NOT_FOUND for what is not there (any more), SYSTEM for all else. */
export function unreadable(file: string | Buffer, cause: unknown): Fault {
  const errno = errnoOf(cause) ?? 'unknown error';
  const gone = errno === 'ENOENT' || errno === 'ENOTDIR' || errno === 'ELOOP';
  return new Fault(gone ? 'FILE_NOT_FOUND' : 'SYSTEM', `cannot read ${file} (${errno})`, {
    hint: gone ? 'It was taken away while it was needed; try again.' : 'Run as a user who may read it.',
    about: { errno },
    cause,
  });
}

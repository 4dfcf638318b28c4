import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { during, Fault, type Source, systemFault } from '../kit/index.ts';

const chunkBytes = 1024 * 1024;

/** A regular file, opened anew for every reading. Reads are synchronous: from the page cache that is fastest. */
export function fileSource(path: string, sizeBytes?: number): Source {
  return {
    ...(sizeBytes !== undefined && { sizeBytes }),
    async *open() {
      const file = await during(`cannot read ${path}`, () => openRegular(path));
      try {
        yield* readChunks(file, path);
      } finally {
        closeSync(file);
      }
    },
    readAt: (offset, length) =>
      during(`cannot read ${path}`, () => {
        const file = openRegular(path);
        try {
          return readRange(file, offset, length);
        } finally {
          closeSync(file);
        }
      }),
  };
}

/** Bytes of an open file; the file stays open. */
export const openFileSource = (file: number, sizeBytes: number): Source => ({
  sizeBytes,
  open: () => readChunks(file, 'a temporary file'),
  readAt: async (offset, length) => readRange(file, offset, length),
});

/** `length` bytes of `source` from `offset` on, as a Source of its own. `source` must have `readAt`. */
export function partOf(source: Source, { offset, sizeBytes }: { offset: number; sizeBytes: number }): Source {
  const read = async (at: number, length: number): Promise<Uint8Array> => {
    const wanted = Math.max(0, Math.min(length, sizeBytes - at));
    return (await source.readAt?.(offset + at, wanted)) ?? new Uint8Array(0);
  };
  return {
    sizeBytes,
    async *open() {
      for (let at = 0; at < sizeBytes; ) {
        const bytes = await read(at, chunkBytes);
        if (bytes.byteLength === 0) {
          throw new Fault('ARCHIVE_MALFORMED', 'an archive ends in the middle of a file', {
            hint: 'Copy or make it again; it was cut short.',
          });
        }
        yield bytes;
        at += bytes.byteLength;
      }
    },
    readAt: read,
  };
}

/**
 * All of a regular file that is small by nature; errors of the operating system are left as they are.
 * @throws {Fault} TOO_LARGE beyond `limitBytes`; FILE_NOT_FOUND for a directory, device or pipe.
 */
export function readSmallFile(path: string, limitBytes: number): Uint8Array {
  const file = openRegular(path);
  try {
    const bytes = readRange(file, 0, limitBytes + 1);
    if (bytes.byteLength <= limitBytes) return bytes;
  } finally {
    closeSync(file);
  }
  throw new Fault('TOO_LARGE', `${path} has more than the ${limitBytes} bytes that are allowed for it`);
}

/** Opens without waiting for a writer if it is a pipe, and refuses all that is no regular file. */
function openRegular(path: string): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw new Fault('FILE_NOT_FOUND', `${path} is no regular file`, { hint: 'Check the path.' });
}

async function* readChunks(file: number, name: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    const chunk = tryRange(file, at, name);
    if (chunk.byteLength === 0) return;
    yield chunk;
    at += chunk.byteLength;
  }
}

function tryRange(file: number, offset: number, name: string): Uint8Array {
  try {
    return readSome(file, offset, chunkBytes);
  } catch (error) {
    throw systemFault(error, `cannot read ${name}`);
  }
}

function readRange(file: number, offset: number, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < length; ) {
    const part = readSome(file, offset + at, length - at);
    if (part.byteLength === 0) break;
    parts.push(part);
    at += part.byteLength;
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}

function readSome(file: number, offset: number, length: number): Uint8Array {
  const { size } = fstatSync(file);
  const wanted = Math.max(0, Math.min(length, size - offset));
  const buffer = Buffer.allocUnsafe(wanted);
  return buffer.subarray(0, wanted === 0 ? 0 : readSync(file, buffer, 0, wanted, offset));
}

import { readTar, type TarEntry } from '../formats/tar/index.ts';
import { Fault, readAll, type Source } from '../kit/index.ts';

const pieceBytes = 1 << 20;

/** `sizeBytes` bytes from `offset` on of a source that can be read anywhere. */
export function partOf(readAt: NonNullable<Source['readAt']>, offset: number, sizeBytes: number): Source {
  const read = (at: number, length: number) => readAt(offset + at, Math.max(0, Math.min(length, sizeBytes - at)));
  return {
    sizeBytes,
    readAt: read,
    async *open() {
      for (let at = 0; at < sizeBytes; ) {
        const piece = await read(at, pieceBytes);
        if (piece.length === 0) throw cutShort();
        yield piece;
        at += piece.length;
      }
    },
  };
}

/** Whole files kept in memory, the last used ones, up to `limitBytes` together. */
export class ContentCache {
  readonly limitBytes: number;
  readonly #kept = new Map<Source, Uint8Array>();
  #keptBytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  async bytesOf(source: Source, sizeBytes: number): Promise<Uint8Array> {
    const bytes = this.#kept.get(source) ?? (await readAll(source, sizeBytes));
    if (this.#kept.delete(source)) this.#keptBytes -= bytes.length;
    this.#kept.set(source, bytes);
    this.#keptBytes += bytes.length;
    for (const [oldest, old] of this.#kept) {
      if (this.#keptBytes <= this.limitBytes) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= old.length;
    }
    return bytes;
  }
}

/**
 * The content of the entry with this number in `tar`, found by reading the archive from its beginning again.
 * `readAt` keeps the file in `cache` when it is no larger than that.
 */
export function entrySource(
  tar: Source,
  { index, sizeBytes }: { index: number; sizeBytes: number },
  cache: ContentCache,
): Source {
  const source: Source = { sizeBytes, open: () => readEntry(tar, index) };
  if (sizeBytes > cache.limitBytes) return source;
  const { open } = source;
  const readAt = async (offset: number, length: number) =>
    (await cache.bytesOf(cached, sizeBytes)).subarray(offset, offset + length);
  const cached: Source = { sizeBytes, open, readAt };
  return cached;
}

async function* readEntry(tar: Source, index: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const entry of readTar(tar.open())) {
    if (at++ < index) continue;
    yield* entry.body;
    return;
  }
  throw cutShort();
}

/** The content of an entry that is passing, copied out of the chunk that it lies in. */
export async function keepBody(entry: TarEntry): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(entry.header.sizeBytes);
  let at = 0;
  for await (const piece of entry.body) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const cutShort = (): Fault =>
  new Fault('LAYER_MALFORMED', 'a layer ends in the middle of a file', {
    hint: 'Fetch or make the image again; it changed while it was read.',
  });

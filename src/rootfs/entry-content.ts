import type { TarEntry } from '../formats/tar/index.ts';
import { Fault, type Source } from '../kit/index.ts';

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

/** What a Source throws that ends before its entry does. */
export const cutShort = (): Fault =>
  new Fault('LAYER_MALFORMED', 'a layer ends in the middle of a file', {
    hint: 'Fetch or make the image again; it changed while it was read.',
  });

import { Fault } from './fault.ts';

/** Bytes that can be read more than once: every open() starts at the first byte. */
export interface Source {
  /** Length in bytes, where it is known without reading. */
  readonly sizeBytes?: number;
  open(): AsyncIterable<Uint8Array>;
  /**
   * Up to `length` bytes from `offset` on; fewer only at the end.
   * Present where that costs no reading of what lies before; use {@link readAt}, which always works.
   */
  readAt?(offset: number, length: number): Promise<Uint8Array>;
  /** Set where parts are held in memory: `readAt` of those costs nothing, so that reading ahead would only lead beyond. */
  readonly inMemory?: boolean;
}

export const bytesSource = (bytes: Uint8Array): Source => ({
  sizeBytes: bytes.byteLength,
  async *open() {
    yield bytes;
  },
  readAt: async (offset, length) => bytes.subarray(offset, offset + length),
});

export const textSource = (text: string): Source => bytesSource(Buffer.from(text, 'utf8'));

/** Up to `length` bytes of `source` from `offset` on; fewer only when it ends before. */
export async function readAt(source: Source, offset: number, length: number): Promise<Uint8Array> {
  if (source.readAt) return source.readAt(offset, length);
  const parts: Uint8Array[] = [];
  let at = 0;
  for await (const chunk of source.open()) {
    const from = Math.max(offset - at, 0);
    const to = Math.min(offset + length - at, chunk.byteLength);
    if (to > from) parts.push(chunk.subarray(from, to));
    at += chunk.byteLength;
    if (at >= offset + length) break;
  }
  return Buffer.concat(parts);
}

/**
 * The whole of `source`, for documents that are small by nature.
 * @throws {Fault} TOO_LARGE beyond `limitBytes`.
 */
export async function readAll(source: Source, limitBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source.open()) {
    size += chunk.byteLength;
    if (size > limitBytes) {
      throw new Fault('TOO_LARGE', `a document has more than the ${limitBytes} bytes that are allowed for it`);
    }
    parts.push(chunk);
  }
  return Buffer.concat(parts, size);
}

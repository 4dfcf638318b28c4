import { type Compression, detectCompression, headBytes } from './detect.ts';

/**
 * The uncompressed bytes; how they are compressed is seen from the first ones unless it is told.
 * Errors of `bytes` come out unchanged; when the reader stops early, `bytes` is closed.
 * @throws {Fault} COMPRESSION_MALFORMED for what is damaged, cut short or has another compression than told;
 * UNSUPPORTED for xz and bzip2.
 */
export async function* decompress(
  bytes: AsyncIterable<Uint8Array>,
  compression?: Compression,
): AsyncGenerator<Uint8Array> {
  if (compression !== undefined) {
    yield* decoded(bytes, compression);
    return;
  }
  const rest = bytes[Symbol.asyncIterator]();
  try {
    const head = await readHead(rest);
    yield* decoded(rejoined(head, rest), detectCompression(Buffer.concat(head)));
  } finally {
    await rest.return?.();
  }
}

async function* decoded(bytes: AsyncIterable<Uint8Array>, compression: Compression): AsyncGenerator<Uint8Array> {
  switch (compression) {
    case 'none':
      yield* bytes;
      return;
    case 'gzip': {
      const { gunzip } = await import('./gzip.ts');
      yield* gunzip(bytes);
      return;
    }
    case 'zstd': {
      const { unzstd } = await import('./zstd.ts');
      yield* unzstd(bytes);
    }
  }
}

async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array[]> {
  const head: Uint8Array[] = [];
  for (let size = 0; size < headBytes; ) {
    const chunk = await chunks.next();
    if (chunk.done) break;
    head.push(chunk.value);
    size += chunk.value.byteLength;
  }
  return head;
}

async function* rejoined(head: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head;
  for (let chunk = await rest.next(); !chunk.done; chunk = await rest.next()) yield chunk.value;
}

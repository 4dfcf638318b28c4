import type { Compression } from './detect.ts';

export interface CompressOptions {
  /** As the codec counts: gzip 0 to 9 (default 6), zstd 1 to 19 (default 3). */
  readonly level?: number;
}

/**
 * The bytes, compressed. Equal input gives equal output with the same version of the codec, whatever the size of
 * the chunks; another Node may bring another codec, so promise digests of what is uncompressed only.
 */
export async function* compress(
  bytes: AsyncIterable<Uint8Array>,
  compression: Compression,
  { level }: CompressOptions = {},
): AsyncGenerator<Uint8Array> {
  switch (compression) {
    case 'none':
      yield* bytes;
      return;
    case 'gzip': {
      const { gzip } = await import('./gzip.ts');
      yield* gzip(bytes, level ?? 6);
      return;
    }
    case 'zstd': {
      const { zstd } = await import('./zstd.ts');
      yield* zstd(bytes, level ?? 3);
    }
  }
}

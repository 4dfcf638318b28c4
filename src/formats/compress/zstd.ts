import * as zlib from 'node:zlib';
import { errnoOf } from '../../kit/index.ts';
import { malformed } from './malformed.ts';
import { type Transform, through } from './through.ts';
import { ZstdFrames } from './zstd-frames.ts';
import { unzstdInScript, zstdInWasm } from './zstd-library.ts';

type Create = (options: { chunkSize: number; params?: Record<number, number> }) => Transform;

/** Node has zstd since 22.15; its types are those of the oldest Node that we support. */
const native = zlib as unknown as { createZstdCompress?: Create; createZstdDecompress?: Create };
/** ZSTD_c_compressionLevel of zstd.h. */
const levelParameter = 100;
const chunkSize = 1 << 18;

/**
 * The content of a zstd stream, of all its frames; skippable ones are left out.
 * @throws {Fault} COMPRESSION_MALFORMED for what is damaged, cut short, no zstd, or wants a window over 128 MiB.
 */
export async function* unzstd(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (native.createZstdDecompress === undefined) {
    yield* unzstdInScript(bytes);
    return;
  }
  try {
    yield* through(cutAtFrames(bytes), native.createZstdDecompress({ chunkSize }));
  } catch (error) {
    const code = errnoOf(error) ?? '';
    throw /^(Z_|ZSTD_)/.test(code) ? malformed('zstd', `is damaged: ${(error as Error).message}`, error) : error;
  }
}

/** Node's decoder drops what a chunk holds after the end of a frame: here each frame ends with a chunk. */
async function* cutAtFrames(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frames = new ZstdFrames();
  for await (const chunk of bytes) {
    let start = 0;
    for (let at = 0; at < chunk.byteLength; ) {
      at = frames.advance(chunk, at);
      if (!frames.frameEnded) continue;
      yield chunk.subarray(start, at);
      start = at;
    }
    if (start < chunk.byteLength) yield chunk.subarray(start);
  }
  frames.end();
}

export async function* zstd(bytes: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  if (native.createZstdCompress === undefined) yield* zstdInWasm(bytes, level);
  else yield* through(bytes, native.createZstdCompress({ chunkSize, params: { [levelParameter]: level } }));
}

import { malformed } from './malformed.ts';
import { ZstdFrames } from './zstd-frames.ts';

/**
 * The decoder moves its whole window for each block. That is no matter for blocks of 128 KiB; a hostile stream
 * of tiny blocks with a large window would take hours. So many bytes may be moved in any case, and so many
 * more for each byte that came out.
 */
const freeMoves = 2 ** 33;
const movesPerByte = 1024;

/** Decodes zstd without Node's help, block by block, so that at most one block's output waits for its reader. */
export async function* unzstdInScript(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  const frames = new ZstdFrames();
  let output: Uint8Array[] = [];
  const startFrame = () => new Decompress((data) => void output.push(data));
  let decoder = startFrame();
  let moved = 0;
  let produced = 0;
  for await (const unit of unitsOf(bytes, frames)) {
    moved += frames.windowBytes;
    if (moved > freeMoves + movesPerByte * produced) {
      throw malformed('zstd', 'has so small blocks for so large a window that it would take hours to read');
    }
    try {
      decoder.push(unit, frames.frameEnded);
    } catch (error) {
      throw malformed('zstd', `is damaged: ${error instanceof Error ? error.message : String(error)}`, error);
    }
    if (frames.frameEnded) decoder = startFrame();
    for (const data of output) {
      produced += data.byteLength;
      if (data.byteLength > 0) yield data;
    }
    output = [];
  }
  frames.end();
}

/** Whole headers and blocks, those of skippable frames left out. */
async function* unitsOf(bytes: AsyncIterable<Uint8Array>, frames: ZstdFrames): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.byteLength; ) {
      const start = at;
      at = frames.advance(chunk, at);
      parts.push(chunk.subarray(start, at));
      if (frames.skippable) parts = [];
      if (!frames.unitEnded || frames.skippable) continue;
      yield parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
      parts = [];
    }
  }
}

/** Bytes of one frame: the encoder holds input and output of a frame in memory. */
const frameBytes = 1 << 22;

/** Loaded once: a second `init` would give the library another memory under the feet of the first. */
let encoder: ReturnType<typeof loadEncoder> | undefined;

async function loadEncoder() {
  const library = await import('@bokuweb/zstd-wasm');
  await library.init();
  return library;
}

/** Encodes zstd without Node's help, in frames of 4 MiB. */
export async function* zstdInWasm(bytes: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  encoder ??= loadEncoder();
  const { compress } = await encoder;
  const frame = Buffer.alloc(frameBytes);
  let filled = 0;
  let isEmpty = true;
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.byteLength; ) {
      const part = chunk.subarray(at, at + frameBytes - filled);
      frame.set(part, filled);
      at += part.byteLength;
      filled += part.byteLength;
      if (filled < frameBytes) continue;
      yield compress(frame, level);
      filled = 0;
      isEmpty = false;
    }
  }
  if (filled > 0 || isEmpty) yield compress(frame.subarray(0, filled), level);
}

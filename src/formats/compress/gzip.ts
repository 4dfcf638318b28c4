import { createGunzip, createGzip } from 'node:zlib';
import { errnoOf } from '../../kit/index.ts';
import { malformed } from './malformed.ts';
import { through } from './through.ts';

/** Node's default of 16 KiB costs 1.8 times the processor time. */
const chunkSize = 1 << 18;

/**
 * The content of a gzip stream, of all its members. Zeros after the last member are padding and end the stream,
 * as for gzip(1); anything else there is a fault, as for Go's reader and so for docker and containerd.
 * @throws {Fault} COMPRESSION_MALFORMED for what is damaged, cut short or no gzip.
 */
export async function* gunzip(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* through(bytes, createGunzip({ chunkSize }));
  } catch (error) {
    const code = errnoOf(error) ?? '';
    if (code === 'Z_BUF_ERROR') throw malformed('gzip', 'is cut short', error);
    throw code.startsWith('Z_') ? malformed('gzip', `is damaged: ${(error as Error).message}`, error) : error;
  }
}

/** Where the header names the operating system (RFC 1952, 2.3), and the value for "unknown". */
const osField = { at: 9, unknown: 255 };

/** Compresses; equal input gives equal bytes with the same zlib, on every system (no time, no system in the header). */
export async function* gzip(bytes: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of through(bytes, createGzip({ chunkSize, level }))) {
    if (at <= osField.at && osField.at < at + chunk.byteLength) chunk[osField.at - at] = osField.unknown;
    at += chunk.byteLength;
    yield chunk;
  }
}

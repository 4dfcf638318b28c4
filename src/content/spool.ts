import { closeSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { type Source, systemFault } from '../kit/index.ts';
import { openFileSource } from './file-source.ts';
import { uniqueMark } from './identity.ts';

/** Bytes that came once, kept on disk so that they can be read again and from anywhere. */
export interface Spooled {
  readonly source: Source;
  /** Frees the space; without it that happens when the process ends. */
  close(): void;
}

/**
 * Keeps `bytes` in a file of `directory` (default: the system's for temporary files) that no longer has a name:
 * nothing of it can be left behind.
 */
export const spool = (bytes: AsyncIterable<Uint8Array>, directory = tmpdir()): Promise<Spooled> =>
  spoolTo(`${directory}/.osless-spool-${uniqueMark()}`, bytes);

/** As {@link spool}, under a name for the moment until it has none. */
export async function spoolTo(path: string, bytes: AsyncIterable<Uint8Array>): Promise<Spooled> {
  const file = openNameless(path);
  let sizeBytes = 0;
  try {
    for await (const chunk of bytes) {
      writeChunk(file, chunk, path);
      sizeBytes += chunk.byteLength;
    }
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return { source: openFileSource(file, sizeBytes), close: () => closeSync(file) };
}

function openNameless(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return file;
  } catch (error) {
    throw systemFault(error, `cannot write to ${dirname(path)}`);
  }
}

function writeChunk(file: number, chunk: Uint8Array, path: string): void {
  try {
    for (let at = 0; at < chunk.byteLength; ) at += writeSync(file, chunk, at, chunk.byteLength - at);
  } catch (error) {
    throw systemFault(error, `cannot write a temporary file to ${dirname(path)}`);
  }
}

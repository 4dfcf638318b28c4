import { closeSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { algorithmOf, type Digest, digester, type Source, systemFault } from '../kit/index.ts';
import type { Expected } from './store.ts';
import { bounded } from './verified.ts';

/** Bytes are gathered to pieces of this size: few calls for hashing and for writing. */
const pieceBytes = 1024 * 1024;
const smallestPieceBytes = 4096;

/** A blob that has been read and is nobody's yet: it must be moved or discarded. */
export interface Collected {
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** The bytes, when they are so few that they were not written yet. */
  readonly small: Uint8Array | undefined;
  /** Puts the blob where `path` is, at once and whole. */
  moveTo(path: string): void;
  discard(): void;
}

export interface CollectOptions {
  /** Where the bytes go as they come, when they are more than one piece. */
  readonly temporary: string;
  /** What is known of the blob, to stop early when more comes, and to choose the algorithm; not checked otherwise. */
  readonly expected: Expected | undefined;
}

/** Reads `source` once, and hashes it while it is written. */
export async function collectBlob(source: Source, { temporary, expected }: CollectOptions): Promise<Collected> {
  const hash = digester(expected && algorithmOf(expected.digest));
  const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, Math.max(source.sizeBytes ?? pieceBytes, smallestPieceBytes)));
  let used = 0;
  let sizeBytes = 0;
  let file: number | undefined;
  const flush = () => {
    const piece = buffer.subarray(0, used);
    hash.update(piece);
    try {
      file ??= openSync(temporary, 'wx', 0o644);
      for (let at = 0; at < used; ) at += writeSync(file, piece, at, used - at);
    } catch (error) {
      throw systemFault(error, `cannot write ${temporary}`);
    }
    sizeBytes += used;
    used = 0;
  };
  const discard = () => {
    if (file !== undefined) rmSync(temporary, { force: true });
  };
  try {
    for await (const chunk of bounded(source, expected)) {
      for (let at = 0; at < chunk.byteLength; ) {
        if (used === buffer.length) flush();
        const part = chunk.subarray(at, at + buffer.length - used);
        buffer.set(part, used);
        used += part.byteLength;
        at += part.byteLength;
      }
    }
    if (file !== undefined) flush();
  } catch (error) {
    discard();
    throw error;
  } finally {
    if (file !== undefined) closeSync(file);
  }
  if (file !== undefined) {
    const moveTo = (path: string) => renameSync(temporary, path);
    return { digest: hash.digest(), sizeBytes, small: undefined, moveTo, discard };
  }
  const small = buffer.subarray(0, used);
  hash.update(small);
  const moveTo = (path: string) => writeAtOnce(path, small, temporary);
  return { digest: hash.digest(), sizeBytes: used, small, moveTo, discard };
}

/** Writes a file that others see either as it was before or whole. `temporary` is in the same file system. */
export function writeAtOnce(path: string, bytes: Uint8Array, temporary: string): void {
  try {
    writeFileSync(temporary, bytes, { flag: 'wx', mode: 0o644 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

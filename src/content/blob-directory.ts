import { mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { documentLimitBytes } from '../formats/oci/index.ts';
import { algorithmOf, type Digest, errnoOf, hexOf, isDigest, type Source } from '../kit/index.ts';
import { fileSource } from './file-source.ts';
import type { BlobFiles } from './reachable.ts';
import type { LocalStore } from './store.ts';
import { blobNotFound, verified } from './verified.ts';
import type { Collected } from './write-blob.ts';

/** The `blobs` directory of a layout (image-spec v1.1, image-layout.md): a file for every blob, by its digest. */
export interface BlobDirectory extends BlobFiles {
  sizeOf(digest: Digest): number | undefined;
  source(digest: Digest): Source;
  /** Puts a blob in its place, over one that was there; true. */
  take(blob: Collected): boolean;
  /** Removes all blobs but those in `kept`. */
  removeExcept(kept: ReadonlySet<Digest>): Removed;
}

export type Removed = Awaited<ReturnType<LocalStore['removeUnused']>>;

export function blobDirectory(directory: string): BlobDirectory {
  const pathOf = (digest: Digest) => `${directory}/${algorithmOf(digest)}/${hexOf(digest)}`;
  const sizeOf = (digest: Digest) => {
    const status = statSync(pathOf(digest), { throwIfNoEntry: false });
    return status?.isFile() ? status.size : undefined;
  };
  return {
    sizeOf,
    has: (digest) => sizeOf(digest) !== undefined,
    document: (digest) => {
      const size = sizeOf(digest);
      return size === undefined || size > documentLimitBytes ? undefined : readFileSync(pathOf(digest));
    },
    source: (digest) => {
      const size = sizeOf(digest);
      if (size === undefined) return blobNotFound(digest, `in ${directory}`);
      return verified(fileSource(pathOf(digest), size), digest);
    },
    take: (blob) => {
      mkdirSync(`${directory}/${algorithmOf(blob.digest)}`, { recursive: true });
      if (isSame(pathOf(blob.digest), blob)) blob.discard();
      else blob.moveTo(pathOf(blob.digest));
      return true;
    },
    removeExcept: (kept) => {
      const removed = { blobs: 0, sizeBytes: 0 };
      for (const digest of digestsIn(directory)) {
        if (kept.has(digest)) continue;
        removed.sizeBytes += sizeOf(digest) ?? 0;
        removed.blobs++;
        unlinkSync(pathOf(digest));
      }
      return removed;
    },
  };
}

/** Whether a small blob is there already; a large one has been written anyway and costs only a rename. */
function isSame(path: string, { small }: Collected): boolean {
  if (small === undefined) return false;
  const status = statSync(path, { throwIfNoEntry: false });
  return status?.isFile() === true && status.size === small.byteLength && readFileSync(path).equals(small);
}

const digestsIn = (directory: string): Digest[] =>
  ['sha256', 'sha512'].flatMap((algorithm) =>
    namesIn(`${directory}/${algorithm}`)
      .map((hex) => `${algorithm}:${hex}`)
      .filter(isDigest),
  );

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

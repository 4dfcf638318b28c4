import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { type Digest, during, errnoOf, Fault, systemFault } from '../kit/index.ts';
import { blobDirectory, type Removed } from './blob-directory.ts';
import { readSmallFile } from './file-source.ts';
import {
  checkLayoutFile,
  indexWithName,
  indexWithoutName,
  layoutFile,
  layoutLimitBytes,
  readIndex,
} from './layout-index.ts';
import { namesOf } from './names.ts';
import { reachable } from './reachable.ts';
import { spoolTo } from './spool.ts';
import type { LocalStore, NamedStore } from './store.ts';
import { blobNotFound, expectBlob } from './verified.ts';
import { type Workspace, workspace } from './workspace.ts';
import { collectBlob, writeAtOnce } from './write-blob.ts';

export interface LayoutOptions {
  /** Whether to make the layout, when something is first written and there is none. Default: false. */
  readonly create?: boolean;
}

/**
 * An OCI image layout in the directory `directory` (image-spec v1.1, image-layout.md).
 * Several processes may write to it at once; other tools keep no lock, so not together with them.
 * @throws {Fault} FILE_NOT_FOUND, LAYOUT_MALFORMED; PLACE_NOT_WRITABLE to make one where other files are.
 */
export async function openLayout(directory: string, { create = false }: LayoutOptions = {}): Promise<NamedStore> {
  if (!hasLayout(directory)) expectRoom(directory, create);
  // A local store is written to under its own lock, by whatever name it is called.
  if (existsSync(`${directory}/osless`)) return openStore(directory);
  return layoutStore(directory, workspace(`${directory}/.osless-`));
}

/**
 * The local store in `directory`: a layout that any tool can read, and beside it the folder `osless` with
 * the lock and the leases. What a handle has put is safe from the removal of unused blobs, until it is named
 * or the process ends; so a handle is for one task. It is made when something is first written.
 * @throws {Fault} LAYOUT_MALFORMED; PLACE_NOT_WRITABLE where other files are.
 */
export async function openStore(directory: string): Promise<LocalStore> {
  if (!hasLayout(directory)) expectRoom(directory, true);
  const space = workspace(`${directory}/osless/`);
  const store = layoutStore(directory, space, { leases: true });
  const blobs = blobDirectory(`${directory}/blobs`);
  const removeUnused = (): Removed => {
    space.sweep();
    const roots = readIndex(`${directory}/index.json`).value.manifests.map(({ digest }) => digest);
    const { digests } = reachable(roots, blobs);
    return blobs.removeExcept(new Set([...digests, ...space.leased()]));
  };
  return {
    ...store,
    spool: (bytes) => spoolTo(space.temporaryPath(), bytes),
    removeUnused: () =>
      during(`cannot write to ${directory}`, () =>
        existsSync(`${directory}/index.json`) ? space.locked(removeUnused) : { blobs: 0, sizeBytes: 0 },
      ),
  };
}

function layoutStore(directory: string, space: Workspace, { leases = false } = {}): NamedStore {
  const blobs = blobDirectory(`${directory}/blobs`);
  const indexPath = `${directory}/index.json`;
  const writing = <T>(work: () => T | Promise<T>) => during(`cannot write to ${directory}`, work);
  const reading = <T>(work: () => T) => during(`cannot read ${directory}`, work);
  const prepared = once(() => prepare(directory, space));
  /** A blob is leased and put in its place in one step, so that no removal comes between. */
  const keep = async (digest: Digest, place: () => boolean): Promise<boolean> => {
    if (!leases) return place();
    return space.locked(() => {
      if (!place()) return false;
      space.lease.add(digest);
      return true;
    });
  };
  return {
    put: async (source, expected) => {
      await writing(prepared);
      const isThere = () => expected !== undefined && isComplete(blobs.sizeOf(expected.digest), expected.sizeBytes);
      if (expected !== undefined && isThere() && (await writing(() => keep(expected.digest, isThere)))) {
        return { digest: expected.digest, sizeBytes: blobs.sizeOf(expected.digest) ?? 0 };
      }
      const blob = await collectBlob(source, { temporary: space.temporaryPath(), expected });
      try {
        expectBlob(blob, expected);
        await writing(() => keep(blob.digest, () => blobs.take(blob)));
      } catch (error) {
        blob.discard();
        throw error;
      }
      return { digest: blob.digest, sizeBytes: blob.sizeBytes };
    },
    has: (digest) => reading(() => blobs.has(digest)),
    get: (digest) => reading(() => blobs.source(digest)),
    names: () => reading(() => namesOf(readIndex(indexPath).value.manifests)),
    setName: (name, descriptor) =>
      writing(async () => {
        await prepared();
        await space.locked(() => {
          const { digests, missing } = reachable([descriptor.digest], blobs);
          for (const digest of missing) blobNotFound(digest, `in ${directory}`);
          writeAtOnce(indexPath, indexWithName(readIndex(indexPath), name, descriptor), space.temporaryPath());
          if (leases) space.lease.drop(digests);
        });
      }),
    removeName: (name) =>
      writing(async () => {
        if (!existsSync(indexPath)) return false;
        return space.locked(() => {
          const changed = indexWithoutName(readIndex(indexPath), name);
          if (changed !== undefined) writeAtOnce(indexPath, changed, space.temporaryPath());
          return changed !== undefined;
        });
      }),
  };
}

const isComplete = (size: number | undefined, wanted: number | undefined): boolean =>
  size !== undefined && (wanted === undefined || size === wanted);

/** Whether there is a layout; a wrong one is a Fault. */
function hasLayout(directory: string): boolean {
  try {
    checkLayoutFile(readSmallFile(`${directory}/oci-layout`, layoutLimitBytes), directory);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw systemFault(error, `cannot read ${directory}`);
  }
}

/** A new layout may go where nothing is, or where making one was broken off. */
function expectRoom(directory: string, create: boolean): void {
  const status = statSync(directory, { throwIfNoEntry: false });
  if (!create) {
    const problem = status === undefined ? 'is not there' : 'holds no OCI image layout';
    throw new Fault(status === undefined ? 'FILE_NOT_FOUND' : 'LAYOUT_MALFORMED', `${directory} ${problem}`, {
      hint: 'Give a directory with a file oci-layout in it.',
    });
  }
  if (status === undefined) return;
  if (status.isDirectory() && readdirSync(directory).every((name) => /^(osless$|\.osless-|lost\+found$)/.test(name))) {
    return;
  }
  if (hasLayout(directory)) return;
  throw new Fault('PLACE_NOT_WRITABLE', `${directory} is there already and is no OCI image layout`, {
    hint: 'Choose a directory that is empty or not there yet.',
  });
}

async function prepare(directory: string, space: Workspace): Promise<void> {
  mkdirSync(directory, { recursive: true });
  await space.locked(() => {
    space.sweep();
    // The file oci-layout comes first: whoever looks meanwhile sees an empty directory or a layout.
    const layoutPath = `${directory}/oci-layout`;
    const indexPath = `${directory}/index.json`;
    if (!existsSync(layoutPath)) writeAtOnce(layoutPath, Buffer.from(layoutFile), space.temporaryPath());
    if (!existsSync(indexPath)) writeAtOnce(indexPath, readIndex(indexPath).raw, space.temporaryPath());
    mkdirSync(`${directory}/blobs/sha256`, { recursive: true });
  });
}

/** `work`, done at the first call; repeated only when it failed. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}

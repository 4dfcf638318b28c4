import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { type Digest, errnoOf, isDigest } from '../kit/index.ts';
import { hasEnded, uniqueMark } from './identity.ts';
import { ageMsOf, heirInfix, removeHeir, withLock } from './lock.ts';

/** What a process that cannot be seen from here left behind is removed after a day. */
const foreignLimitMs = 24 * 60 * 60_000;

/** The files that a layout's writers need beside it: lock, temporary files, leases; all begin with `prefix`. */
export interface Workspace {
  /** A new path in the same file system, known as this process's own. */
  temporaryPath(): string;
  /** @throws {Fault} STORE_BUSY */
  locked<T>(work: () => T): Promise<T>;
  /** Removes what processes that were killed left behind. */
  sweep(): void;
  /** Digests that living writers hold and have not named yet. To be asked under the lock. */
  leased(): Set<Digest>;
  readonly lease: Lease;
}

/** Blobs that one writer has put and not yet named. To be changed under the lock. */
export interface Lease {
  add(digest: Digest): void;
  drop(digests: ReadonlySet<Digest>): void;
}

/** A workspace whose files begin with `prefix`, a path: its directory is made when it is needed. */
export function workspace(prefix: string): Workspace {
  const path = (kind: string) => `${prefix}${kind}`;
  const temporary = path('tmp-');
  const leases = path('lease-');
  const lockPath = path('lock');
  return {
    temporaryPath: () => `${temporary}${uniqueMark()}`,
    locked: async (work) => {
      mkdirSync(dirname(lockPath), { recursive: true });
      return withLock(lockPath, work);
    },
    sweep: () => {
      for (const [file, mark] of marked(temporary)) if (isLeft(file, mark)) rmSync(file, { force: true });
      for (const [file, mark] of marked(leases)) if (isLeft(file, mark)) rmSync(file, { force: true });
      for (const [file] of marked(`${lockPath}${heirInfix}`)) removeHeir(file, lockPath);
    },
    leased: () => {
      const living = marked(leases).filter(([file, mark]) => !isLeft(file, mark));
      return new Set(living.flatMap(([file]) => linesOf(file)).filter(isDigest));
    },
    lease: fileLease(`${leases}${uniqueMark()}`),
  };
}

/** Digests one on a line; the file is there while there are any. */
function fileLease(path: string): Lease {
  const held = new Set<Digest>();
  return {
    add: (digest) => {
      if (held.has(digest)) return;
      appendFileSync(path, `${digest}\n`);
      held.add(digest);
    },
    drop: (digests) => {
      if (![...digests].some((digest) => held.delete(digest))) return;
      for (const digest of digests) held.delete(digest);
      if (held.size === 0) unlinkSync(path);
      else writeFileSync(path, [...held].map((digest) => `${digest}\n`).join(''));
    },
  };
}

/** The files that begin with `prefix`, each with the mark that follows it. */
function marked(prefix: string): [file: string, mark: string][] {
  const start = basename(prefix);
  return namesIn(dirname(prefix))
    .filter((name) => name.startsWith(start))
    .map((name) => [`${dirname(prefix)}/${name}`, name.slice(start.length)]);
}

const isLeft = (file: string, mark: string): boolean => hasEnded(mark) ?? ageMsOf(file) > foreignLimitMs;

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

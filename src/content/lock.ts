import { lstatSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { errnoOf, Fault } from '../kit/index.ts';
import { hasEnded, uniqueMark } from './identity.ts';

const usualPatienceMs = 10_000;
/** A lock whose holder cannot be seen from here counts as left behind after this time; it is meant for milliseconds. */
const foreignLimitMs = 5 * 60_000;

/**
 * Runs `work`, which must not wait for anything, while no other process holds the lock `path`.
 * The lock is a symlink whose text is its holder's mark: making one is atomic and fails when it exists.
 * A holder that was killed is replaced.
 * @throws {Fault} STORE_BUSY after `patienceMs`.
 */
export async function withLock<T>(path: string, work: () => T, patienceMs = usualPatienceMs): Promise<T> {
  const mark = uniqueMark();
  const start = performance.now();
  for (let pauseMs = 1; !tryLock(path, { mark, base: path }); pauseMs = Math.min(pauseMs * 2, 50)) {
    if (performance.now() - start > patienceMs) return busy(path, patienceMs);
    await setTimeout(pauseMs * (0.5 + Math.random()));
  }
  try {
    return work();
  } finally {
    if (holderOf(path) === mark) unlinkSync(path);
  }
}

/** Removes the traces of a process that was killed while it replaced another one's lock. */
export function removeHeir(path: string, base: string): void {
  const holder = holderOf(path);
  if (holder !== undefined && isLeft(path, holder)) replaceHolder(path, { holder, base });
}

/** What {@link replaceHolder} makes. */
export const heirInfix = '-after-';

function tryLock(path: string, { mark, base }: { mark: string; base: string }): boolean {
  try {
    symlinkSync(mark, path);
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  const holder = holderOf(path);
  if (holder !== undefined && isLeft(path, holder)) replaceHolder(path, { holder, base });
  return false;
}

/**
 * Takes a lock away from a holder that has ended. Two processes that both saw it must not both do so,
 * since the second would take it from whoever got it meanwhile. So each dead holder has one heir: the
 * process that makes the symlink named after it. Only the heir may remove that holder's lock, marks are
 * never used twice, and a dead heir has its own heir.
 */
function replaceHolder(path: string, { holder, base }: { holder: string; base: string }): void {
  const heir = `${base}${heirInfix}${holder}`;
  const mark = uniqueMark();
  if (!tryLock(heir, { mark, base })) return;
  try {
    if (holderOf(path) === holder) unlinkSync(path);
  } finally {
    if (holderOf(heir) === mark) unlinkSync(heir);
  }
}

const isLeft = (path: string, holder: string): boolean => hasEnded(holder) ?? ageMsOf(path) > foreignLimitMs;

/** Milliseconds since `path` was last changed; 0 when it is gone. */
export function ageMsOf(path: string): number {
  const mtimeMs = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return mtimeMs === undefined ? 0 : performance.timeOrigin + performance.now() - mtimeMs;
}

function holderOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    if (errnoOf(error) === 'EINVAL') return '';
    throw error;
  }
}

function busy(path: string, patienceMs: number): never {
  throw new Fault('STORE_BUSY', `another process has held ${path} for ${patienceMs / 1000} seconds`, {
    hint: 'Try again; when no osless is running on any machine that uses this store, delete that file.',
    about: { lock: path, holder: holderOf(path) ?? '' },
  });
}

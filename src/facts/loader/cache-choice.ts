import type { CacheEntry } from './cache.ts';
import type { LoaderProfile } from './profile.ts';

/** Bit 63: a library with thread-local storage, which every loader since 2.3 takes. */
const tlsBit = 1n << 63n;
/** HWCAP_X86_64, which every CPU of that kind has. */
const commonBits: Readonly<Record<string, bigint>> = { x86_64: 1n << 1n };

export interface CacheChoice {
  readonly best: CacheEntry | undefined;
  /** Entries that a better CPU would choose. */
  readonly others: readonly CacheEntry[];
}

/**
 * Chooses among the entries of one name as ld.so does: those with a level come first in the file, and the best
 * level of the CPU wins; else the first whose flags are exactly the machine's; else the first that may be taken.
 */
export function chooseEntry(
  entries: readonly CacheEntry[],
  profile: LoaderProfile,
  cpu: readonly string[],
): CacheChoice {
  const [exact] = profile.machine.cacheFlags;
  const fitting = entries.filter(({ flags }) => profile.machine.cacheFlags.includes(flags));
  const levels = profile.levels.filter((level) => cpu.includes(level));
  const leveled = fitting.filter(({ level }) => level !== undefined);
  const byLevel = levels.flatMap((name) => leveled.filter(({ level }) => level === name));
  const usable = fitting.filter((entry) => entry.level === undefined && isForAll(entry, profile));
  const best = byLevel[0] ?? usable.find(({ flags }) => flags === exact) ?? usable[0];
  const others = fitting.filter((entry) => entry !== best && isForBetter(entry, profile, cpu));
  return { best, others };
}

function isForAll({ hardware }: CacheEntry, { machineName, legacyLevels }: LoaderProfile): boolean {
  if (hardware === 0n) return true;
  return legacyLevels.length > 0 && (hardware & ~(tlsBit | (commonBits[machineName] ?? 0n))) === 0n;
}

function isForBetter(entry: CacheEntry, profile: LoaderProfile, cpu: readonly string[]): boolean {
  if (entry.level === undefined) return profile.legacyLevels.length > 0 && !isForAll(entry, profile);
  return profile.levels.includes(entry.level) && !cpu.includes(entry.level);
}

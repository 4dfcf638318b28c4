import { UsageError } from './usage.ts';

/** Seconds since 1970 that reproducible things get (reproducible-builds.org, SOURCE_DATE_EPOCH): 0 unless it is set. */
export function sourceDateEpoch(env: Readonly<Record<string, string | undefined>>): number {
  const text = env['SOURCE_DATE_EPOCH'];
  if (text === undefined || text === '') return 0;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= 253_402_300_799) return seconds;
  throw new UsageError(`SOURCE_DATE_EPOCH is '${text}', which is no number of seconds`);
}

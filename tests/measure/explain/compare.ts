import { isLate } from './case.ts';
import { looksLike } from './patterns.ts';
import type { Trial } from './trial.ts';

export interface Verdict {
  readonly start: 'right' | 'wrong' | 'unknown';
  readonly cause: 'right' | 'wrong' | 'none';
  /** Of a good image: what was said against it. */
  readonly falseAlarms: readonly string[];
  /** Of a good image: `degrades` findings. */
  readonly degrades: readonly string[];
  readonly missing: 'right' | 'wrong' | 'none';
}

/** Holds an answer against the run and what the case was made for. */
export function compare({ made, truth, answer, broken }: Trial): Verdict {
  const start =
    answer.starts === 'unknown'
      ? 'unknown'
      : (answer.starts === 'yes') === truth.starts && /^(yes|no)$/.test(answer.starts)
        ? 'right'
        : 'wrong';
  const isGood = made.expect === null && broken === undefined;
  const found = (severity: string) =>
    answer.findings.filter((finding) => finding.severity === severity).map(({ code, says }) => `${code}: ${says}`);
  const alarms = answer.cause === null ? [] : [`cause ${answer.cause}`];
  const missing =
    made.missing === undefined || answer.cause !== made.expect
      ? 'none'
      : [...made.missing].sort().join() === [...answer.missing].sort().join()
        ? 'right'
        : 'wrong';
  return {
    start,
    cause: made.expect === null || start === 'unknown' ? 'none' : answer.cause === made.expect ? 'right' : 'wrong',
    falseAlarms: isGood ? [...alarms, ...found('blocks')] : [],
    degrades: isGood ? found('degrades') : [],
    missing,
  };
}

/** The same for an image of which only the run is known. */
export function agreesWithRun({ truth, answer }: Trial): boolean {
  const provesNothing = !truth.starts && truth.code === 0;
  if (answer.starts === 'unknown' || provesNothing) return true;
  if (answer.starts !== (truth.starts ? 'yes' : 'no')) return false;
  if (answer.cause === null) return truth.starts;
  return isLate(answer.cause) ? truth.starts : looksLike(answer.cause, truth.shown);
}

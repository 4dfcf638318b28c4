import { isLate } from './case.ts';
import { agreesWithRun, compare, type Verdict } from './compare.ts';
import { causes } from './patterns.ts';
import type { Trial } from './trial.ts';

interface Row {
  readonly trial: Trial;
  readonly verdict: Verdict;
}

/** Prints the figures and every disagreement; gives the exit code. */
export function report(trials: readonly Trial[], verbose: boolean): number {
  const rows = trials.map((trial) => ({ trial, verdict: compare(trial) }));
  for (const row of rows) printDisagreement(row, verbose);
  printCauses(rows);
  return printTotals(rows);
}

/** The same for images of which only the run is known. */
export function reportRandom(trials: readonly Trial[]): number {
  const wrong = trials.filter((trial) => !agreesWithRun(trial));
  for (const { made, truth, answer } of wrong) {
    console.log(`\n${made.name} (${made.base})`);
    printSides(truth, answer);
  }
  const decided = trials.filter(({ answer }) => answer.starts !== 'unknown');
  const started = trials.filter(({ truth }) => truth.starts).length;
  const wrongVerdicts = wrong.filter(({ truth, answer }) => answer.starts !== (truth.starts ? 'yes' : 'no')).length;
  for (const { made, truth, answer } of trials.filter(({ answer }) => answer.starts === 'unknown')) {
    console.log(`\nundecided: ${made.name} (${made.base})`);
    printSides(truth, answer);
  }
  console.log(
    `\n${trials.length} random images, ${started} start; ${trials.length - decided.length} undecided; ${wrongVerdicts} wrong verdicts; ${wrong.length - wrongVerdicts} causes that the run contradicts`,
  );
  return wrong.length === 0 ? 0 : 1;
}

function printDisagreement({ trial, verdict }: Row, verbose: boolean): void {
  const { made, truth, answer, broken } = trial;
  const wrong = [
    broken === undefined ? '' : `BROKEN CASE: ${broken}`,
    verdict.start === 'right' ? '' : `verdict ${verdict.start}`,
    verdict.cause === 'wrong' ? `cause ${answer.cause} instead of ${made.expect}` : '',
    verdict.missing === 'wrong' ? `missing ${answer.missing.join(', ')} instead of ${made.missing?.join(', ')}` : '',
    ...verdict.falseAlarms.map((text) => `false alarm ${text}`),
    ...verdict.degrades.map((text) => `degrades ${text}`),
  ].filter((text) => text !== '');
  if (wrong.length === 0 && !verbose) return;
  console.log(`\n${made.name} (${made.base}, expects ${made.expect ?? 'a start'}): ${wrong.join('; ')}`);
  printSides(truth, answer);
}

function printSides(truth: Trial['truth'], answer: Trial['answer']): void {
  console.log(
    `  run:    ${truth.starts ? 'starts' : 'does not start'}: ${truth.shown.trim().slice(0, 300).replaceAll('\n', '\n          ')}`,
  );
  console.log(
    `  osless: ${answer.starts}, ${answer.cause}, missing ${JSON.stringify(answer.missing)}: ${answer.says.slice(0, 300)}`,
  );
  const others = answer.findings.filter(({ code }) => code !== answer.cause);
  if (others.length > 0)
    console.log(`          ${others.map(({ code, severity }) => `${severity} ${code}`).join(', ')}`);
}

function printCauses(rows: readonly Row[]): void {
  console.log(`\n${'cause'.padEnd(30)} cases  right  wrong  unknown`);
  for (const cause of [null, ...causes]) {
    const of = rows.filter(({ trial }) => trial.made.expect === cause && trial.broken === undefined);
    const right = of.filter(({ verdict, trial }) =>
      cause === null ? verdict.start === 'right' && trial.answer.cause === null : verdict.cause === 'right',
    ).length;
    const unknown = of.filter(({ verdict }) => verdict.start === 'unknown').length;
    const few = of.length < 2 ? '  (too few)' : '';
    const figures = [of.length, right, of.length - right - unknown, unknown]
      .map((count) => String(count).padStart(6))
      .join(' ');
    console.log(`${(cause ?? 'good').padEnd(30)}${figures}${few}`);
  }
}

function printTotals(rows: readonly Row[]): number {
  const sound = rows.filter(({ trial }) => trial.broken === undefined);
  const count = (which: (row: Row) => boolean): number => sound.filter(which).length;
  const unknown = count(({ verdict }) => verdict.start === 'unknown');
  const wrong = count(({ verdict }) => verdict.start === 'wrong');
  const caused = count(({ verdict }) => verdict.cause !== 'none');
  const rightCause = count(({ verdict }) => verdict.cause === 'right');
  const alarms = count(({ verdict }) => verdict.falseAlarms.length > 0);
  const starts = count(({ trial }) => trial.truth.starts);
  const late = count(({ trial }) => isLate(trial.made.expect));
  const share = (part: number, whole: number): string =>
    `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(1)} %)`;
  const times = sound.map(({ trial }) => trial.answer.milliseconds).sort((a, b) => a - b);
  const worst = count(({ verdict }) => verdict.missing === 'wrong');
  console.log(`
images:        ${sound.length}, of which ${starts} start (${late} with something amiss later)
broken cases:  ${rows.length - sound.length}
verdict:       ${share(sound.length - unknown - wrong, sound.length - unknown)} of the decided right, ${wrong} wrong
undecided:     ${share(unknown, sound.length)}
cause:         ${share(rightCause, caused)} right
missing:       ${worst} wrong of ${count(({ verdict }) => verdict.missing !== 'none')}
false alarms:  ${alarms} on ${count(({ trial }) => trial.made.expect === null)} good images; \`degrades\` on ${count(({ verdict }) => verdict.degrades.length > 0)}
time:          ${(times[Math.floor(times.length / 2)] ?? 0).toFixed(0)} ms median, ${(times.at(-1) ?? 0).toFixed(0)} ms at most`);
  const reached = wrong === 0 && unknown <= 0.02 * sound.length && rightCause >= 0.98 * caused && alarms === 0;
  console.log(reached ? 'the targets are reached' : 'the targets are MISSED');
  return reached && sound.length === rows.length ? 0 : 1;
}

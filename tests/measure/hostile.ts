/**
 * Mutated archives, ELF files, layouts, documents and trees against what users reach:
 * `npm run measure -- hostile [--count 2000] [--seed N] [--only KIND] [--case INDEX]`.
 * Each case must end well or with a Fault, within 5 s of the processor and 512 MiB, and write nothing outside of its directory.
 * A failed one is run again alone with --seed and --case.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { caseNames } from './hostile/cases.ts';
import { runCommandLine } from './hostile/command-line.ts';
import { type Judged, runBatches } from './hostile/parent.ts';
import { prepareWork, runCase } from './hostile/run-case.ts';
import { work } from './hostile/worker.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
    case: { type: 'string' },
    worker: { type: 'string' },
    dir: { type: 'string', default: '' },
    cli: { type: 'string', default: process.env['OSLESS_CLI'] ?? 'dist/cli/main.js' },
  },
});
const seed = Number(values.seed);
const count = Number(values.count);
const kinds = values.only === undefined ? caseNames : [values.only];

if (values.worker !== undefined) {
  const [from = 0, to = 0] = values.worker.split('-').map(Number);
  await work({ seed, from, to, dir: values.dir, kinds });
} else {
  const dir = mkdtempSync(join(tmpdir(), 'osless-hostile-'));
  try {
    process.exitCode = await (values.case === undefined ? measure(dir) : runOne(dir, Number(values.case)));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function runOne(dir: string, index: number): Promise<number> {
  prepareWork(dir);
  const outcome = await runCase(seed, index, { work: dir, kinds });
  console.log(outcome.problem ?? '', outcome);
  return outcome.problem === undefined ? 0 : 1;
}

async function measure(dir: string): Promise<number> {
  console.log(`seed ${seed}, ${count} cases (again: npm run measure -- hostile --seed ${seed} --count ${count})`);
  const started = performance.now();
  const judged = await runBatches({ seed, count, dir, ...(values.only !== undefined && { only: values.only }) });
  const commands =
    values.only === undefined ? await runCommandLine({ seed, count: Math.ceil(count / 20), dir, cli: values.cli }) : [];
  const all = [...judged, ...commands];
  for (const name of new Set(all.map((one) => one.name)))
    printKind(
      name,
      all.filter((one) => one.name === name),
    );
  const failed = all.filter(({ problem }) => problem !== undefined);
  for (const one of failed.slice(0, 20)) console.log(`\ncase ${one.index} (${one.name}): ${one.problem}`);
  const slowest = Math.max(...all.map(({ ms }) => ms));
  const most = Math.max(...all.map(({ memoryBytes }) => memoryBytes));
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(
    `\n${all.length} cases in ${seconds} s; slowest ${slowest.toFixed(0)} ms of the processor; most memory ${mebibytes(most)} MiB`,
  );
  console.log(failed.length === 0 ? 'none failed' : `${failed.length} FAILED`);
  return failed.length === 0 ? 0 : 1;
}

function printKind(name: string, judged: readonly Judged[]): void {
  const counts = new Map<string, number>();
  for (const { result } of judged) counts.set(result, (counts.get(result) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a).map(([result, times]) => `${result} ${times}`);
  const slowest = Math.max(...judged.map(({ ms }) => ms)).toFixed(0);
  const most = mebibytes(Math.max(...judged.map(({ memoryBytes }) => memoryBytes)));
  console.log(
    `${name.padEnd(16)} ${String(judged.length).padStart(5)}  up to ${slowest.padStart(5)} ms ${most.padStart(4)} MiB  ${sorted.join(', ')}`,
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}

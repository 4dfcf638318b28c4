/**
 * Whether explain tells what a run shows, over images made by code and run by runc with docker's rules.
 * `npm run measure -- explain [--only WORD] [--list] [--random N [--seed N]] [--docker [--sample N]] [--cache DIR] [--verbose]`
 * Needs root, runc, mmdebstrap, gcc, musl-gcc, go, rustc, umoci, busybox-static and, once, Debian's mirror.
 * Ends with 1 when a target is missed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { askLibrary } from './explain/ask-library.ts';
import { setCacheDir, workDir } from './explain/cache.ts';
import type { Case } from './explain/case.ts';
import { allCases } from './explain/cases/index.ts';
import { compareWithDocker } from './explain/docker.ts';
import { askCli } from './explain/judge.ts';
import { compareOs } from './explain/os.ts';
import { randomCases } from './explain/random.ts';
import { report, reportRandom } from './explain/report.ts';
import { type Ask, type Trial, tryCase } from './explain/trial.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    random: { type: 'string' },
    seed: { type: 'string', default: '1' },
    docker: { type: 'boolean', default: false },
    sample: { type: 'string', default: '1' },
    library: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    cache: { type: 'string', default: '/var/tmp/osless-explain' },
  },
});

setCacheDir(values.cache);
const chosen = allCases.filter(
  ({ name }) => values.only.length === 0 || values.only.some((word) => name.includes(word)),
);
if (values.list) for (const { name, expect } of chosen) console.log(`${(expect ?? 'good').padEnd(28)} ${name}`);
else process.exitCode = await measure();

async function measure(): Promise<number> {
  if (process.getuid?.() !== 0) throw new Error('only root may mount and run these images');
  if (spawnSync('runc', ['--version']).status !== 0) throw new Error('runc is not installed');
  mkdirSync(workDir(), { recursive: true });
  const ask: Ask = values.library ? (layout) => askLibrary(layout) : (layout) => askCli(layout);
  try {
    if (values.docker)
      return Math.min(1, await compareWithDocker(chosen.filter((_, index) => index % Number(values.sample) === 0)));
    if (values.random !== undefined) {
      return reportRandom(await tryAll(ask, randomCases(allCases, Number(values.random), Number(values.seed))));
    }
    const errors = values.library ? 0 : await compareOs(ask, values.only);
    return Math.max(report(await tryAll(ask, chosen), values.verbose), Math.min(errors, 1));
  } finally {
    rmSync(workDir(), { recursive: true, force: true });
  }
}

async function tryAll(ask: Ask, cases: readonly Case[]): Promise<Trial[]> {
  const trials: Trial[] = [];
  const queue = [...cases.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, made] = next;
      try {
        trials[index] = await tryCase(made, `c${index}`, ask);
      } catch (error) {
        console.log(`cannot be tried: ${made.name}: ${String(error)} ${String((error as Error).cause)}`);
        process.exitCode = 1;
      }
    }
  };
  await Promise.all([worker(), worker()]);
  return trials.filter((trial) => trial !== undefined);
}

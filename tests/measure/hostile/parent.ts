import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Outcome } from './run-case.ts';
import type { Message } from './worker.ts';

/** An outcome with what the parent saw of it. */
export interface Judged extends Outcome {
  readonly memoryBytes: number;
}

/** `caseMs` is time of the processor; `wallMs` ends what waits for ever. */
export const limits = { caseMs: 5000, wallMs: 30_000, memoryBytes: 512 * 2 ** 20, heapMebibytes: 400 } as const;

interface Settings {
  readonly seed: number;
  readonly count: number;
  readonly dir: string;
  readonly only?: string;
}

const batchCases = 100;
/** For Node to start, and for an input to be made. */
const makeMs = 60_000;
/** How often the processor time is looked at. */
const lookMs = 250;
/** USER_HZ, which is 100 on every machine that Linux runs on today. */
const ticksPerSecond = 100;

/** Runs the cases in child processes, two at a time, and starts anew behind a case that ends its process. */
export async function runBatches(settings: Settings): Promise<Judged[]> {
  const judged: Judged[] = [];
  let next = 0;
  const runSome = async (lane: number): Promise<void> => {
    while (next < settings.count) {
      const from = next;
      next = Math.min(next + batchCases, settings.count);
      await runBatch(settings, { from, to: next, dir: join(settings.dir, `lane${lane}`) }, judged);
    }
  };
  await Promise.all([runSome(0), runSome(1)]);
  return judged;
}

interface Batch {
  readonly from: number;
  readonly to: number;
  readonly dir: string;
}

async function runBatch(settings: Settings, batch: Batch, judged: Judged[]): Promise<void> {
  for (let from = batch.from; from < batch.to; ) from = await runWorker(settings, { ...batch, from }, judged);
}

/** @returns the case to go on with. */
function runWorker(settings: Settings, { from, to, dir }: Batch, judged: Judged[]): Promise<number> {
  const child = spawn(process.execPath, argumentsOf(settings, { from, to, dir }), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let current = from;
  let problem = 'its process ended';
  let errors = '';
  let until = performance.now() + makeMs;
  let mayUse = Number.POSITIVE_INFINITY;
  const timer = setInterval(() => {
    if (performance.now() > until) kill(`it was not done after ${limits.wallMs} ms`);
    else if (cpuMsOf(child.pid) > mayUse) kill(`it took more than ${limits.caseMs} ms of the processor`);
  }, lookMs);
  function kill(why: string): void {
    problem = why;
    child.kill('SIGKILL');
  }
  child.stderr.on('data', (text: Buffer) => {
    errors = (errors + text.toString()).slice(-3000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Message;
    const isUsed = message.kind === 'begin';
    until = performance.now() + (isUsed ? limits.wallMs : makeMs);
    mayUse = isUsed ? cpuMsOf(child.pid) + limits.caseMs : Number.POSITIVE_INFINITY;
    if (message.kind !== 'end') current = message.index;
    else {
      judged.push(judge(message));
      current = message.outcome.index + 1;
    }
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(timer);
      if (code === 0 || current >= to) return resolve(current);
      judged.push({
        index: current,
        name: 'ended',
        result: 'failed',
        problem: `${problem} ${errors}`,
        ms: 0,
        memoryBytes: 0,
      });
      resolve(current + 1);
    });
  });
}

/** User and system time of a process up to now (proc(5), fields 14 and 15). */
export function cpuMsOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticksPerSecond;
  } catch {
    return 0;
  }
}

function judge({ outcome, memoryBytes }: Extract<Message, { kind: 'end' }>): Judged {
  const isGood = memoryBytes <= limits.memoryBytes && outcome.ms <= limits.caseMs;
  if (outcome.problem !== undefined || isGood) return { ...outcome, memoryBytes };
  const problem = `it took ${(memoryBytes / 2 ** 20).toFixed(0)} MiB of memory and ${outcome.ms.toFixed(0)} ms`;
  return { ...outcome, memoryBytes, result: 'failed', problem };
}

function argumentsOf({ seed, only }: Settings, { from, to, dir }: Batch): string[] {
  const script = process.argv[1] ?? '';
  const kind = only === undefined ? [] : ['--only', only];
  return [
    `--max-old-space-size=${limits.heapMebibytes}`,
    '--expose-gc',
    '--enable-source-maps',
    script,
    ...['--seed', String(seed), '--worker', `${from}-${to}`, '--dir', dir, ...kind],
  ];
}

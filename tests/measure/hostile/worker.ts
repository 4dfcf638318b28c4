import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { prepareWork, runCase } from './run-case.ts';

/** One message of a worker, a line of JSON. */
export type Message =
  /** The input is made; then it is used. */
  | { readonly kind: 'make' | 'begin'; readonly index: number }
  | { readonly kind: 'end'; readonly outcome: Awaited<ReturnType<typeof runCase>>; readonly memoryBytes: number };

const keptBytes = 200 * 2 ** 20;

/** Runs the cases `from` to `to` and says when each begins and ends, so that the parent sees which one hangs. May end before the last. */
export async function work(options: {
  seed: number;
  from: number;
  to: number;
  dir: string;
  kinds: readonly string[];
}): Promise<void> {
  prepareWork(options.dir);
  for (let index = options.from; index < options.to; index++) {
    const started = (kind: 'make' | 'begin') => {
      collectGarbage();
      resetPeak();
      say({ kind, index });
    };
    started('make');
    const onReady = () => started('begin');
    const outcome = await runCase(options.seed, index, { work: options.dir, kinds: options.kinds, onReady });
    say({ kind: 'end', outcome, memoryBytes: peakBytes() });
    // What a process once had it keeps, and the next case would be charged with it.
    if (process.memoryUsage.rss() > keptBytes) return;
  }
}

const say = (message: Message): void => void writeSync(1, `${JSON.stringify(message)}\n`);

/** With --expose-gc: what a case made for itself is not what reading it takes. */
const collectGarbage = (): void => {
  if ('gc' in globalThis && typeof globalThis.gc === 'function') globalThis.gc();
};

/** proc(5): 5 sets the peak of resident memory back to what is resident now. */
function resetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Without it the peak counts for all cases up to now.
  }
}

function peakBytes(): number {
  const match = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
}

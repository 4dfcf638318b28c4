import { setImmediate } from 'node:timers/promises';
import { Fault } from '../kit/index.ts';

/**
 * For long work over synchronous files, which would never let a signal in: to be awaited once per item.
 * Every few hundred calls it lets the event loop turn and looks whether `signal` was given.
 * @throws {Fault} ABORTED.
 */
export function turnTaker(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let calls = 0;
  return () => (++calls % 256 === 0 ? turn(signal) : undefined);
}

async function turn(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted) throw new Fault('ABORTED', 'the work was given up before its end', { cause: signal.reason });
}

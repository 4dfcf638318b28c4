import { exitOf } from './launch.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { type SandboxOptions, type Subject, withSession } from './session.ts';
import type { SignalRelay } from './signals.ts';

export interface RunOptions extends SandboxOptions {
  /** Whether the program reads our standard input; without it, it reads nothing. */
  readonly stdin: boolean;
  /** Gives the program the signals that we get; without it, it gets none. */
  readonly relay?: SignalRelay;
}

/**
 * Runs a program over a directory of files, with a layer above it that is thrown away, and with our standard
 * streams. Resolves when it has ended and nothing of it is left.
 * @throws {Fault} RUNTIME_MISSING, SYSTEM
 */
export function run(subject: Subject, options: RunOptions): Promise<Outcome> {
  const stdin = options.stdin || subject.container.terminal ? 'inherit' : 'ignore';
  return withSession(subject, options, async (session) => {
    options.relay?.signal.throwIfAborted();
    const child = session.start([stdin, 'inherit', 'inherit']);
    options.relay?.attach(session.targetOf(child));
    return outcomeOf(await exitOf(child), session.directory);
  });
}

import { isatty } from 'node:tty';
import { Fault } from '../kit/index.ts';
import { exitOf } from './launch.ts';
import { type Outcome, outcomeOf, type StartFailure } from './outcome.ts';
import { findLookupFailure } from './program.ts';
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
export async function run(subject: Subject, options: RunOptions): Promise<Outcome> {
  checkTerminal(subject.container.terminal, options.stdin);
  const failure = await findLookupFailureOf(subject);
  if (failure !== undefined) return { exitCode: failure.exitCode, failure };
  const stdin = options.stdin || subject.container.terminal ? 'inherit' : 'ignore';
  return withSession(subject, options, async (session) => {
    options.relay?.signal.throwIfAborted();
    const child = session.start([stdin, 'inherit', 'inherit']);
    options.relay?.attach(session.targetOf(child));
    return outcomeOf(await exitOf(child), session.directory);
  });
}

function checkTerminal(terminal: boolean, stdin: boolean): void {
  if (!terminal || isatty(0) || (!stdin && (isatty(1) || isatty(2)))) return;
  throw new Fault('OPTION_INVALID', 'the input device is not a TTY', {
    hint: 'Leave -t out where input is no terminal.',
  });
}

/** Mounts may bring the program, or hide it: then only the runtime can tell. */
const findLookupFailureOf = async ({ rootDirectory, container }: Subject): Promise<StartFailure | undefined> =>
  container.binds.length + container.tmpfs.length > 0 ? undefined : findLookupFailure(rootDirectory, container);

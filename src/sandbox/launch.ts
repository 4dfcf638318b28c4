import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { findContainerPid, type RunDirectory } from './run-directory.ts';
import type { SignalTarget } from './signals.ts';

export interface LaunchOptions {
  /** The host's PATH. */
  readonly path: string;
  readonly stdio: StdioOptions;
  /** Whether the program gets this terminal: then it stays in the foreground with us. */
  readonly terminal: boolean;
}

/** Starts the first process of a run: a shell that becomes the runtime. */
export function launch(argv: readonly string[], directory: RunDirectory, options: LaunchOptions): ChildProcess {
  const [file = '', ...args] = argv;
  return spawn(file, args, {
    cwd: directory.path,
    env: { PATH: options.path },
    stdio: options.stdio,
    // In a session of its own, so that Ctrl-C reaches the program once: from us, not from the terminal as well.
    detached: !options.terminal,
  });
}

/** The exit code of a process as a shell has it: 128 + signal for one that a signal ended. */
export const exitOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });

export interface TargetOptions {
  /** Whether the container's first process gets signals itself, as there is no runtime that passes them on. */
  readonly direct: boolean;
  /** As the child was launched. */
  readonly terminal: boolean;
}

const ofTerminal: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT', 'SIGWINCH']);

export function signalTarget(child: ChildProcess, directory: RunDirectory, options: TargetOptions): SignalTarget {
  // Until there is a container, what sets it up is the child's process group, if it has one of its own.
  const toGroup = (signal: NodeJS.Signals): void => {
    const ended = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    if (!ended && !options.terminal) sendQuietly(-(child.pid ?? 0), signal);
    else child.kill(signal);
  };
  const toContainer = (signal: NodeJS.Signals): void => {
    const pid = findContainerPid(directory);
    if (pid === undefined) toGroup(signal);
    else sendQuietly(pid, signal);
  };
  const sendDirectly = (signal: NodeJS.Signals): void => {
    // The program shares our terminal then, which has sent it these already.
    if (!options.terminal || !ofTerminal.has(signal)) toContainer(signal);
  };
  return {
    send: options.direct ? sendDirectly : (signal) => void child.kill(signal),
    // Whatever its program does about signals; the runtime then tidies up and exits.
    kill: () => toContainer('SIGKILL'),
  };
}

function sendQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

import { readText } from './host.ts';
import { findContainerPid, type RunDirectory } from './run-directory.ts';

/** How a run ended. */
export interface Outcome {
  /** The program's own, 128 + signal; or the failure's. */
  readonly exitCode: number;
  /** Why the program was never started. */
  readonly failure: StartFailure | undefined;
}

export interface StartFailure {
  /** docker's: 127 the program is not there, 126 it cannot be executed, 125 anything else about the container. */
  readonly exitCode: number;
  /** One sentence, the runtime's or ours. */
  readonly message: string;
  /** Whether the runtime has already printed it to standard error. */
  readonly said: boolean;
}

/** Tells a program that ended with `exitCode` from a runtime that never started it. */
export function outcomeOf(exitCode: number, directory: RunDirectory): Outcome {
  // The runtime writes the pid only when all is set up; a signal before that is nobody's failure.
  if (exitCode > 128 || findContainerPid(directory) !== undefined) return { exitCode, failure: undefined };
  const logged = lastMessage(readText(directory.logPath));
  const message = logged ?? firstLine(readText(directory.mountLogPath));
  if (message === undefined && exitCode === 0) return { exitCode, failure: undefined };
  const failure: StartFailure = {
    exitCode: codeOf(message ?? ''),
    message: message ?? `the container was not started: the runtime ended with ${exitCode} and without a word`,
    said: logged !== undefined,
  };
  return { exitCode: failure.exitCode, failure };
}

/** As the docker command line reads the runtime's words. */
function codeOf(message: string): StartFailure['exitCode'] {
  const aboutProgram = /exec: "|executable file|open executable|exec container process/.test(message);
  if (!aboutProgram) return 125;
  if (/no such file or directory|not found in \$PATH/i.test(message)) return 127;
  return /permission denied|exec format error|is a directory|not executable/i.test(message) ? 126 : 125;
}

const firstLine = (text: string): string | undefined => text.trim().split('\n')[0] || undefined;

function lastMessage(log: string): string | undefined {
  for (const line of log.trim().split('\n').reverse()) {
    const [, json] = /"msg":("(?:[^"\\]|\\.)*")/.exec(line) ?? [];
    if (json !== undefined && /"level":"(error|fatal)"/.test(line)) return String(JSON.parse(json));
  }
  return undefined;
}

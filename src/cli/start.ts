import { errnoOf, Fault, systemFault } from '../kit/index.ts';
import type { Command, Prepared } from './command.ts';
import { helpText, overview } from './help.ts';
import { openOutput, writeAll } from './output.ts';
import { commandTable } from './table.ts';
import { isTerminal } from './terminal.ts';
import { findNearest, UsageError } from './usage.ts';

/** How long after Ctrl-C a command may take to tidy up. */
const graceMs = 800;

/** Runs one command line to its exit code; prints what went wrong. */
export async function start(args: readonly string[]): Promise<number> {
  let command: Command | undefined;
  let prepared: Prepared | undefined;
  try {
    const line = commandFirst(args);
    if (line === undefined) return helpInstead(args);
    if (line[0] === 'help') return help(line[1]);
    command = await loadCommand(line[0] ?? '');
    prepared = command.prepare(line.slice(1));
    if (prepared !== undefined) return await runIn(command, prepared);
    writeAll(1, helpText(command));
    return 0;
  } catch (error) {
    return report(error, { command, verbose: prepared?.verbose === true });
  }
}

/** Flags that stand before the command's name, as docker's global ones, go behind it; undefined when there is no name. */
function commandFirst(args: readonly string[]): string[] | undefined {
  let at = 0;
  while (args[at]?.startsWith('-')) at += args[at] === '--store' ? 2 : 1;
  const name = args[at];
  return name === undefined ? undefined : [name, ...args.slice(0, at), ...args.slice(at + 1)];
}

function helpInstead(args: readonly string[]): number {
  const asked = args.includes('--help') || args.includes('-h');
  if (args.length > 0 && !asked) throw new UsageError(`${args[0]} needs a command; see osless --help`);
  writeAll(asked ? 1 : 2, overview());
  return asked ? 0 : 2;
}

async function help(name: string | undefined): Promise<number> {
  writeAll(1, name === undefined ? overview() : helpText(await loadCommand(name)));
  return 0;
}

async function loadCommand(name: string): Promise<Command> {
  const entry = Object.hasOwn(commandTable, name) ? commandTable[name] : undefined;
  if (entry !== undefined) return (await entry.load()).default;
  const nearest = findNearest(name, Object.keys(commandTable));
  throw new UsageError(
    `unknown command '${name}'; ${nearest === undefined ? 'see osless --help' : `did you mean ${nearest}?`}`,
  );
}

async function runIn(command: Command, { quiet, run }: Prepared): Promise<number> {
  const { env } = process;
  const output = openOutput({ quiet, env });
  const controller = new AbortController();
  const stop = (code: number) => () => {
    if (controller.signal.aborted) process.exit(code);
    controller.abort(new Stopped(code));
    setTimeout(() => process.exit(code), graceMs).unref();
  };
  if (!command.ownSignals) process.on('SIGINT', stop(130)).on('SIGTERM', stop(143));
  try {
    return await run({ ...output, ...input, env, cwd: process.cwd(), signal: controller.signal });
  } catch (error) {
    // Whatever an aborted act threw, the reason is that it was told to stop.
    throw controller.signal.aborted ? controller.signal.reason : refusedBySystem(error);
  } finally {
    output.close();
  }
}

/** Standard input is opened when it is read, not before: that costs time, and `run` hands it on untouched. */
const input = {
  stdin: { [Symbol.asyncIterator]: (): AsyncIterator<Uint8Array> => process.stdin[Symbol.asyncIterator]() },
  stdinIsTerminal: isTerminal(0),
};

class Stopped extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('stopped by a signal');
    this.exitCode = exitCode;
  }
}

const refusals = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE', 'EIO'];

/** What the machine refuses is no bug of ours, wherever it was asked. */
function refusedBySystem(error: unknown): unknown {
  if (!refusals.includes(errnoOf(error) ?? '') || !(error instanceof Error && 'path' in error)) return error;
  return systemFault(error, `cannot use ${error.path}`);
}

interface Reporting {
  readonly command: Command | undefined;
  readonly verbose: boolean;
}

function report(error: unknown, { command, verbose }: Reporting): number {
  if (error instanceof Stopped) return error.exitCode;
  if (error instanceof UsageError) {
    writeAll(2, `osless${command === undefined ? '' : ` ${command.name}`}: ${error.message}\n`);
    return 2;
  }
  if (error instanceof Fault) {
    writeAll(2, `osless: ${error.message}\n${error.hint ?? hintFor(error)}\n`);
    if (verbose) writeAll(2, `${error.code} ${JSON.stringify(error.about)}\n${stackOf(error)}\n`);
    return command?.exitCodeOf(error) ?? 3;
  }
  writeAll(2, `osless: a bug of ours, please report it:\n${stackOf(error)}\n`);
  return 70;
}

const hintFor = ({ code }: Fault): string => `See docs/errors.md, ${code}.`;

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? String(error);
  return error.cause === undefined ? own : `${own}\ncaused by ${stackOf(error.cause)}`;
}

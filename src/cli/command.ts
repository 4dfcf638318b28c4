import type { Fault } from '../kit/index.ts';
import { commonFlags, type Flag, type Flags, type FlagValues, jsonFlag, type OperandValues } from './flags.ts';
import type { Output } from './output.ts';
import { parseLine } from './parse.ts';

/** What a command is given besides its flags: the world, which no room below may ask for itself. */
export interface World extends Output {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdinIsTerminal: boolean;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

export interface Call<O extends readonly string[], F extends Flags> extends World {
  readonly operands: OperandValues<O>;
  readonly flags: FlagValues<F & typeof jsonFlag & typeof commonFlags>;
  /** The local store's directory: --store, $OSLESS_STORE, $XDG_DATA_HOME/osless or ~/.local/share/osless. */
  readonly storeDir: string;
}

export interface CommandDefinition<O extends readonly string[], F extends Flags> {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** `PLACE`, `[NAME]`, `[ARG...]`: see OperandValues. */
  readonly operands: O;
  readonly flags: F;
  /** Command lines to show in the help, each with what it does. */
  readonly examples?: readonly (readonly [line: string, does: string])[];
  /** Whether there is --json. */
  readonly json?: boolean;
  /** Whether flags end at the first operand; everything after it belongs to the program. */
  readonly passThrough?: boolean;
  /** Whether the command handles SIGINT and SIGTERM itself; its AbortSignal never fires then. */
  readonly ownSignals?: boolean;
  /** The exit code for a Fault; 3 without it. */
  readonly exitCodeOf?: (fault: Fault) => number;
  /** Returns the exit code. Never catches: a Fault becomes two lines and an exit code above. */
  run(call: Call<O, F>): number | Promise<number>;
}

/** A command without the types of its flags, as the start, the help and the documents use it. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly operands: readonly string[];
  /** Its own flags. */
  readonly flags: Flags;
  /** Those that it shares with the other commands. */
  readonly sharedFlags: Flags;
  readonly examples: readonly (readonly [line: string, does: string])[];
  readonly passThrough: boolean;
  readonly ownSignals: boolean;
  exitCodeOf(fault: Fault): number;
  /** Parses `args`; undefined when they ask for the help. @throws {UsageError} */
  prepare(args: readonly string[]): Prepared | undefined;
}

/** A command with its arguments, ready to run. */
export interface Prepared {
  readonly quiet: boolean;
  readonly verbose: boolean;
  run(world: World): number | Promise<number>;
}

/** One declaration for parsing, help, completion and documents. */
export function command<const O extends readonly string[], const F extends Flags>(
  definition: CommandDefinition<O, F>,
): Command {
  const { json = false, passThrough = false, ownSignals = false, examples = [], operands } = definition;
  const sharedFlags = withoutShortsOf(definition.flags, { ...(json ? jsonFlag : {}), ...commonFlags });
  const flags: Flags = { ...sharedFlags, ...definition.flags };
  return {
    ...{ name: definition.name, summary: definition.summary, operands, flags: definition.flags },
    ...{ sharedFlags, examples, passThrough, ownSignals },
    exitCodeOf: definition.exitCodeOf ?? (() => 3),
    prepare: (args) => {
      const line = parseLine(args, { flags, operands, passThrough });
      if (line.flags['help'] === true) return undefined;
      // The parser gives each flag and operand the type that its declaration names.
      const typed = { json: false, ...line } as unknown as Pick<Call<O, F>, 'operands' | 'flags'>;
      return {
        quiet: typed.flags.quiet,
        verbose: typed.flags.verbose,
        run: (world) => definition.run({ ...world, ...typed, storeDir: storeDirOf(typed.flags.store, world) }),
      };
    },
  };
}

/** A command may use a letter of a shared flag for its own, as `docker run -h` is the host name. */
function withoutShortsOf(own: Flags, shared: Flags): Flags {
  const taken = new Set(Object.values(own).map(({ short }) => short));
  const kept = Object.entries(shared).filter(([name]) => !Object.hasOwn(own, name));
  return Object.fromEntries(
    kept.map(([name, { short, ...flag }]) => [
      name,
      (short === undefined || taken.has(short) ? flag : { ...flag, short }) as Flag,
    ]),
  );
}

function storeDirOf(flag: string | undefined, { env, cwd }: World): string {
  const home = env['HOME'] ?? cwd;
  const dir =
    flag ??
    (env['OSLESS_STORE'] || (env['XDG_DATA_HOME'] ? `${env['XDG_DATA_HOME']}/osless` : `${home}/.local/share/osless`));
  return dir.startsWith('/') ? dir : `${cwd}/${dir}`;
}

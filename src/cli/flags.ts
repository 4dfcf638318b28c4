/** One flag of a command. Every flag has a long name, its key; `short` is one letter. */
export type Flag = BooleanFlag | StringFlag | StringsFlag | OptionalFlag;

interface FlagBase {
  readonly short?: string;
  /** A phrase without a full stop, as docker's help has it. */
  readonly help: string;
}

/** `--name`, `--name=true`, `--name=false`. */
export interface BooleanFlag extends FlagBase {
  readonly type: 'boolean';
}

/** `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`, `-n=VALUE`; given twice, the last one counts. */
export interface StringFlag extends FlagBase {
  readonly type: 'string';
  readonly default?: string;
  /** What the value is called in the help: `NAME`, `PLACE`, `needed|likely|possible`. */
  readonly value: string;
  /** The values that are allowed, where they are few. */
  readonly choices?: readonly string[];
}

/** As `string`, but each one given is kept, in order. */
export interface StringsFlag extends FlagBase {
  readonly type: 'strings';
  readonly value: string;
}

/** `--name` or `--name=VALUE`; also `--name /VALUE` once an operand has been given. */
export interface OptionalFlag extends FlagBase {
  readonly type: 'optional';
  readonly value: string;
}

export type Flags = Readonly<Record<string, Flag>>;

type FlagValue<F extends Flag> = F extends BooleanFlag
  ? boolean
  : F extends StringsFlag
    ? readonly string[]
    : F extends OptionalFlag
      ? string | true | undefined
      : F extends { readonly default: string }
        ? string
        : string | undefined;

export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: FlagValue<F[Name]> };

/** `NAME` is required, `[NAME]` may be left out, `NAME...` and `[NAME...]` (the last one) take all that is left. */
export type OperandValues<O extends readonly string[]> = {
  readonly [Index in keyof O]: O[Index] extends `${string}...` | `[${string}...]`
    ? readonly string[]
    : O[Index] extends `[${string}]`
      ? string | undefined
      : string;
};

export const jsonFlag = { json: { type: 'boolean', help: 'print the result as JSON' } } as const satisfies Flags;

export const commonFlags = {
  store: { type: 'string', value: 'DIR', help: 'the local store to use (default $OSLESS_STORE)' },
  quiet: { type: 'boolean', short: 'q', help: 'print no notes and no progress' },
  verbose: { type: 'boolean', help: 'tell more of what went wrong' },
  help: { type: 'boolean', short: 'h', help: 'print this help' },
} as const satisfies Flags;

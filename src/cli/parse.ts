import { parseArgs } from 'node:util';
import type { Flag, Flags } from './flags.ts';
import { findNearest, UsageError } from './usage.ts';

/** What a command line may look like. */
export interface Grammar {
  readonly flags: Flags;
  readonly operands: readonly string[];
  /** Flags end at the first operand, as in `docker run IMAGE -x`: all after it belongs to someone else. */
  readonly passThrough: boolean;
}

export interface ParsedLine {
  readonly flags: Readonly<Record<string, unknown>>;
  /** One value per operand of the grammar; a list for one that takes all that is left. */
  readonly operands: readonly (string | undefined | readonly string[])[];
}

/**
 * Reads arguments as docker does (Go's pflag): `-it`, `-p80`, `-p=80`, `--rm=false`, `--` ends the flags.
 * @throws {UsageError}
 */
export function parseLine(args: readonly string[], grammar: Grammar): ParsedLine {
  const tokens = tokensOf(args, grammar);
  const values = new Map<string, unknown>(Object.entries(grammar.flags).map(([name, flag]) => [name, startOf(flag)]));
  const words: string[] = [];
  let skip = -1;
  for (const token of tokens) {
    if (token.index === skip) continue;
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = grammar.flags[token.name];
    if (flag === undefined) throw unknownFlag(token.rawName, grammar);
    const following = words.length > 0 ? args[token.index + 1] : undefined;
    const takesNext = flag.type === 'optional' && token.value === undefined && following?.startsWith('/') === true;
    if (takesNext) skip = token.index + 1;
    const text = takesNext ? following : token.value?.replace(token.rawName.startsWith('--') ? /^$/ : /^=/, '');
    values.set(token.name, flagValueOf({ name: token.rawName, flag, text, before: values.get(token.name) }));
  }
  const asked = values.get('help') === true;
  return { flags: Object.fromEntries(values), operands: asked ? [] : operandsOf(words, grammar.operands) };
}

function tokensOf(args: readonly string[], grammar: Grammar) {
  const options = Object.fromEntries(
    Object.entries(grammar.flags).map(([name, flag]) => [
      name,
      {
        type: flag.type === 'boolean' || flag.type === 'optional' ? ('boolean' as const) : ('string' as const),
        ...(flag.short === undefined ? {} : { short: flag.short }),
      },
    ]),
  );
  const read = (part: readonly string[]) =>
    parseArgs({ args: [...part], options, strict: false, allowPositionals: true, tokens: true }).tokens;
  const tokens = read(args);
  const first = grammar.passThrough ? tokens.find(({ kind }) => kind === 'positional') : undefined;
  if (first === undefined) return tokens;
  const rest = args
    .slice(first.index)
    .map((value, at) => ({ kind: 'positional' as const, index: first.index + at, value }));
  return [...tokens.filter(({ index }) => index < first.index), ...rest];
}

function startOf(flag: Flag): unknown {
  switch (flag.type) {
    case 'boolean':
      return false;
    case 'strings':
      return [];
    case 'string':
      return flag.default;
    case 'optional':
      return undefined;
  }
}

interface Given {
  readonly name: string;
  readonly flag: Flag;
  readonly text: string | undefined;
  readonly before: unknown;
}

function flagValueOf({ name, flag, text, before }: Given): unknown {
  if (flag.type === 'optional') return text ?? true;
  if (flag.type === 'boolean') return text === undefined ? true : booleanOf(name, text);
  if (text === undefined) throw new UsageError(`${name} needs a value: ${name} ${flag.value}`);
  if (flag.type === 'strings') return [...(before as readonly string[]), text];
  if (flag.choices !== undefined && !flag.choices.includes(text)) {
    throw new UsageError(`${name} cannot be '${text}'; it is one of ${flag.choices.join(', ')}`);
  }
  return text;
}

function booleanOf(name: string, text: string): boolean {
  if (/^(1|t|true)$/i.test(text)) return true;
  if (/^(0|f|false)$/i.test(text)) return false;
  throw new UsageError(`${name} is true or false, not '${text}'`);
}

function unknownFlag(rawName: string, { flags, operands }: Grammar): UsageError {
  const nearest = rawName.startsWith('--') ? findNearest(rawName.slice(2), Object.keys(flags)) : undefined;
  if (nearest !== undefined) return new UsageError(`unknown flag ${rawName}; did you mean --${nearest}?`);
  const forProgram = operands.some((operand) => operand.startsWith('[ARG'));
  return new UsageError(`unknown flag ${rawName}${forProgram ? '; flags for the program itself stand after --' : ''}`);
}

function operandsOf(words: readonly string[], names: readonly string[]): (string | undefined | readonly string[])[] {
  const values = names.map((name, at) => {
    const optional = name.startsWith('[');
    if (!optional && at >= words.length) throw new UsageError(`${name.replace('...', '')} is missing`);
    return name.includes('...') ? words.slice(at) : words[at];
  });
  const takesAll = names.at(-1)?.includes('...') === true;
  const surplus = words[names.length];
  if (!takesAll && surplus !== undefined) throw new UsageError(`'${surplus}' is one argument too many`);
  return values;
}

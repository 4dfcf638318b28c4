import { resolve } from '../../../rootfs/index.ts';
import { expandText, expandWord, type Redirection, type ShellNode, type ShellWord } from '../../shell/index.ts';
import { type Problem, problem } from '../verdict.ts';
import { runBuiltin } from './builtins.ts';
import { evaluate } from './evaluate.ts';
import { runProgram } from './external.ts';
import { findCommand } from './find-command.ts';
import { pathsOf } from './globs.ts';
import { fails, noteProblem, type Outcome, type Run, succeeds, unknown } from './run.ts';
import { copyOf, type ShellState, valueIn } from './state.ts';
import { variablesOf } from './variables.ts';

type CommandNode = Extract<ShellNode, { kind: 'command' }>;

/** The words of a command after expansion; undefined where one is only known at run time. */
export type Words = readonly (string | undefined)[];

const mostDeep = 100;
const mostWords = 10_000;

/** One simple command (XCU 2.9.1): a function, a builtin, or a program that is looked up and followed. */
export async function runCommand(run: Run, state: ShellState, node: CommandNode, isTested: boolean): Promise<Outcome> {
  const refused = await redirectionProblem(run, state, node.redirections);
  if (refused !== undefined) {
    noteProblem(run, refused, isTested);
    return fails;
  }
  await noteWritten(run, state, node.redirections);
  const given = await withDeclarations(run, state, node.words);
  const words = await expandAll(run, state, given);
  if (words.length === 0) {
    for (const { raw } of node.assignments) await assign(run, state, raw);
    return node.words.length === 0 && node.assignments.some(({ raw }) => /[$`]\(?/.test(raw) && /\$\(|`/.test(raw))
      ? unknown
      : succeeds;
  }
  const [name] = words;
  // What nobody knows may be anything, an end of the script too.
  if (name === undefined) return unknown;
  const inside = node.assignments.length === 0 ? state : copyOf(state);
  for (const { raw } of node.assignments) await assign(run, inside, raw, true);
  return dispatch(run, { state, inside }, words, isTested);
}

async function noteWritten(run: Run, state: ShellState, list: readonly Redirection[]): Promise<void> {
  for (const { operator, target } of list) {
    if (!operator.includes('>')) continue;
    if (run.made === 'nothing') run.made = 'directories';
    const path = target && !operator.includes('&') ? await expandText(target.raw, variablesOf(run, state)) : undefined;
    if (path !== undefined) run.written.add(path);
  }
}

const declarations = /^(export|readonly|local|declare|typeset)$/;

/** `export NAME=value` assigns as `NAME=value` does, without splitting; the name is what is left of it. */
async function withDeclarations(
  run: Run,
  state: ShellState,
  words: readonly ShellWord[],
): Promise<readonly ShellWord[]> {
  const [first, ...others] = words;
  if (first === undefined || !declarations.test(first.raw)) return words;
  const names: ShellWord[] = [];
  for (const { raw } of others) {
    const name = /^([A-Za-z_]\w*)\+?=/.exec(raw)?.[1];
    if (name !== undefined) await assign(run, state, raw);
    names.push({ raw: name ?? raw });
  }
  return [first, ...names];
}

interface States {
  /** The shell's own. */
  readonly state: ShellState;
  /** With the variables that stand before the command. */
  readonly inside: ShellState;
}

async function dispatch(run: Run, { state, inside }: States, words: Words, isTested: boolean): Promise<Outcome> {
  const [name = '', ...args] = words;
  if (name === 'time' && run.flavour === 'bash' && args.length > 0)
    return dispatch(run, { state, inside }, args, isTested);
  const found = await findCommand(run, inside, name);
  if (found.kind === 'function') return callFunction(run, state, { name, body: found.body, args, isTested });
  if (found.kind === 'builtin') {
    const own = await runBuiltin(run, state, words, isTested);
    if (own !== undefined) return own;
    const [, ...rest] = words;
    return withoutBuiltin(run, { state, inside }, { name, rest, isTested });
  }
  return runProgram(run, inside, { words, found, isTested, replaces: false });
}

interface Forward {
  readonly name: string;
  readonly rest: Words;
  readonly isTested: boolean;
}

/** `exec`, `command` and `builtin` run what stands behind them. */
async function withoutBuiltin(
  run: Run,
  { state, inside }: States,
  { name, rest, isTested }: Forward,
): Promise<Outcome> {
  const words = withoutOptions(run, name, rest);
  const [program] = words;
  if (words.length === 0) return succeeds;
  if (program === undefined) return name === 'exec' ? { status: undefined, ended: 'exit' } : unknown;
  if (name !== 'exec')
    return dispatch(run, { state: withoutFunctions(state), inside: withoutFunctions(inside) }, words, isTested);
  const found = await findCommand(run, { ...inside, functions: new Map() }, program);
  const outcome = await runProgram(run, inside, { words, found, isTested, replaces: true });
  return { status: outcome.status, ended: 'exit' };
}

const withoutFunctions = (state: ShellState): ShellState => ({ ...state, functions: new Map() });

function withoutOptions({ flavour }: Run, name: string, words: Words): Words {
  // Only bash's exec has options.
  if (name === 'exec' && flavour === 'dash') return words;
  const at = words.findIndex((word) => word === undefined || !/^-[a-z-]+$/i.test(word));
  if (at === -1) return [];
  const takesValue = name === 'exec' && words[at - 1] === '-a';
  return words.slice(at + (takesValue ? 1 : 0));
}

interface Call {
  readonly name: string;
  readonly body: ShellNode;
  readonly args: Words;
  readonly isTested: boolean;
}

async function callFunction(run: Run, state: ShellState, { name, body, args, isTested }: Call): Promise<Outcome> {
  if (run.called.length >= mostDeep) return unknown;
  run.called.push(name);
  const before = state.args;
  state.args = args.every((arg) => arg !== undefined) ? args : undefined;
  const { status, ended } = await evaluate(run, state, body, isTested);
  state.args = before;
  run.called.pop();
  return { status, ended: ended === 'return' || ended === 'break' ? 'no' : ended };
}

async function expandAll(run: Run, state: ShellState, words: readonly ShellWord[]): Promise<Words> {
  const found: (string | undefined)[] = [];
  for (const { raw } of words) {
    if (found.length > mostWords) return [...found.slice(0, 1), undefined];
    const { fields, isExact } = await expandWord(raw, variablesOf(run, state));
    for (const { text, isGlob, pattern } of fields) {
      const paths = isGlob && !/^\[\[?$/.test(text ?? '') ? await pathsOf(run, state, pattern) : [];
      if (paths === undefined) found.push(undefined);
      else found.push(...(paths.length === 0 ? [text] : paths));
    }
    if (!isExact && fields.every(({ text }) => text !== undefined)) found.push(undefined);
  }
  return found;
}

/** `NAME=value` and `NAME+=value`. */
export async function assign(run: Run, state: ShellState, raw: string, isExported = false): Promise<void> {
  const [, name = '', plus, text = ''] = /^([A-Za-z_]\w*)(\+?)=([\s\S]*)$/.exec(raw) ?? [];
  if (name === '') return;
  const value = await expandText(text, variablesOf(run, state));
  const before = plus === '+' ? valueIn(state, name) : '';
  state.variables.set(name, value === undefined || before === undefined ? undefined : (before ?? '') + value);
  if (isExported) state.exported.add(name);
}

/** A file that cannot be opened keeps the command from being run. */
async function redirectionProblem(
  run: Run,
  state: ShellState,
  list: readonly Redirection[],
): Promise<Problem | undefined> {
  if (run.made !== 'nothing' || state.cwd === undefined) return undefined;
  for (const { operator, target } of list) {
    if (target === undefined || /&|<<</.test(operator)) continue;
    const path = await expandText(target.raw, variablesOf(run, state));
    if (path === undefined || path === '' || /^\/(dev|proc|sys)\//.test(path)) continue;
    const wanted = operator === '<' ? path : folderOf(path);
    const found = await resolve(run.setting.tree, wanted, { cwd: state.cwd, as: run.setting.as });
    if (found.found && (operator === '<' || found.node.kind === 'directory')) continue;
    return problem('late-file-missing', `${path}, which a command is redirected to, cannot be opened`, {
      missing: [wanted],
      subject: run.shell,
    });
  }
  return undefined;
}

const folderOf = (path: string): string => (path.includes('/') ? path.replace(/\/[^/]*$/, '') || '/' : '.');

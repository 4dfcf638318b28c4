import { resolve } from '../../../rootfs/index.ts';
import { parseShell } from '../../shell/index.ts';
import { problem } from '../verdict.ts';
import type { Words } from './command.ts';
import { evaluate } from './evaluate.ts';
import { findCommand } from './find-command.ts';
import { fails, noteProblem, type Outcome, type Run, type Status, succeeds, unknown } from './run.ts';
import { type ShellState, valueIn } from './state.ts';
import { fieldTest } from './tests.ts';

const mostBytes = 1024 * 1024;
const mostCalls = 40;

type Builtin = (run: Run, state: ShellState, args: Words, isTested: boolean) => Outcome | Promise<Outcome>;

const ending =
  (ended: Outcome['ended']): Builtin =>
  () => ({ status: undefined, ended });
const answer = (status: Status): Outcome => ({ status, ended: 'no' });

const table: Readonly<Record<string, Builtin>> = {
  ':': () => succeeds,
  true: () => succeeds,
  false: () => fails,
  echo: () => succeeds,
  printf: () => succeeds,
  pwd: () => succeeds,
  trap: () => succeeds,
  umask: () => succeeds,
  ulimit: () => succeeds,
  alias: () => succeeds,
  shopt: () => succeeds,
  exit: (_run, _state, [code]) => ({ status: code === undefined ? undefined : code === '0', ended: 'exit' }),
  return: (_run, _state, [code]) => ({ status: code === undefined ? undefined : code === '0', ended: 'return' }),
  break: ending('break'),
  continue: ending('break'),
  cd: changeDirectory,
  chdir: changeDirectory,
  set: (_run, state, args) => setOptions(state, args),
  shift: (_run, state, args) => shift(state, args.length === 0 ? '1' : args[0]),
  unset: (_run, state, args) => unset(state, args),
  export: (_run, state, args) => declare(state, args, true),
  readonly: (_run, state, args) => declare(state, args, false),
  local: (_run, state, args) => declare(state, args, false),
  declare: (_run, state, args) => declare(state, args, args.includes('-x')),
  typeset: (_run, state, args) => declare(state, args, args.includes('-x')),
  read: (_run, state, args) => forget(state, args),
  getopts: (_run, state, args) => forget(state, args),
  test: async (run, state, args) => answer(await fieldTest(run, state, args)),
  '[': async (run, state, args) => answer(await fieldTest(run, state, args.slice(0, -1))),
  '.': source,
  source,
  eval: evaluateWords,
  type: (run, state, args) => lookUp(run, state, args),
  hash: (run, state, args) => lookUp(run, state, args),
};

/** What a builtin does; undefined for those that run the command behind them (`exec`, `command`, `builtin`). */
export async function runBuiltin(
  run: Run,
  state: ShellState,
  words: Words,
  isTested: boolean,
): Promise<Outcome | undefined> {
  const [name = '', ...args] = words;
  if (name === 'command' && /^-[vV]$/.test(args[0] ?? '')) return lookUp(run, state, args.slice(1));
  if (name === 'exec' || name === 'command' || name === 'builtin') return undefined;
  const builtin = Object.hasOwn(table, name) ? table[name] : undefined;
  return builtin === undefined ? unknown : builtin(run, state, args, isTested);
}

async function changeDirectory(run: Run, state: ShellState, args: Words, isTested: boolean): Promise<Outcome> {
  const words = args.filter((arg) => arg === undefined || !/^-[LPe]$|^--$/.test(arg));
  const target = words.length === 0 ? valueIn(state, 'HOME') : words[0];
  if (typeof target !== 'string' || state.cwd === undefined || target === '-') {
    state.cwd = undefined;
    return succeeds;
  }
  const { tree, as } = run.setting;
  const found = await resolve(tree, target === '' ? '.' : target, { cwd: state.cwd, as });
  if (found.found && found.node.kind === 'directory') {
    state.cwd = found.path;
    return succeeds;
  }
  if (run.made !== 'nothing' || /^\/(proc|sys|dev)(\/|$)/.test(target)) {
    state.cwd = undefined;
    return succeeds;
  }
  const says = `the directory ${target}, which cd is to enter, is not in the image`;
  noteProblem(
    run,
    problem('late-file-missing', says, { missing: [target], subject: run.script ?? run.shell }),
    isTested,
  );
  return fails;
}

function setOptions(state: ShellState, args: Words): Outcome {
  let at = 0;
  for (; at < args.length; at++) {
    const word = args[at];
    if (word === undefined) break;
    if (word === '--') {
      at++;
      break;
    }
    if (!/^[-+][a-zA-Z]+$/.test(word)) break;
    const isOn = word.startsWith('-');
    if (word.includes('e')) state.errexit = isOn;
    if (word.endsWith('o')) {
      if (args[at + 1] === 'errexit') state.errexit = isOn;
      at++;
    }
  }
  if (at < args.length || args[at - 1] === '--') {
    const rest = args.slice(at);
    state.args = rest.every((arg) => arg !== undefined) ? rest : undefined;
  }
  return succeeds;
}

function shift(state: ShellState, count: string | undefined): Outcome {
  const number = Number(count);
  if (state.args === undefined || count === undefined) {
    state.args = undefined;
    return unknown;
  }
  if (!(number >= 0) || number > state.args.length) return fails;
  state.args = state.args.slice(number);
  return succeeds;
}

function unset(state: ShellState, args: Words): Outcome {
  for (const name of args) {
    if (name === undefined || name.startsWith('-')) continue;
    state.variables.delete(name);
    state.exported.delete(name);
    if (args[0] === '-f') state.functions.delete(name);
  }
  return succeeds;
}

/** Names as they are left of `export NAME=value`, which is assigned before. */
function declare(state: ShellState, args: Words, isExported: boolean): Outcome {
  for (const name of args) {
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name) || !isExported) continue;
    if (args.includes('-n')) state.exported.delete(name);
    else state.exported.add(name);
  }
  return succeeds;
}

/** Variables that get what comes in from outside. */
function forget(state: ShellState, args: Words): Outcome {
  for (const name of args) if (name !== undefined && /^[A-Za-z_]\w*$/.test(name)) state.variables.set(name, undefined);
  return unknown;
}

async function lookUp(run: Run, state: ShellState, names: Words): Promise<Outcome> {
  for (const name of names) {
    if (name === undefined || name.startsWith('-')) return unknown;
    const found = await findCommand(run, state, name);
    if (found.kind === 'none') return run.made === 'anything' ? unknown : fails;
  }
  return succeeds;
}

async function source(run: Run, state: ShellState, [name, ...args]: Words, isTested: boolean): Promise<Outcome> {
  if (name === undefined) return unknown;
  const file = await sourcedFile(run, state, name);
  if (file === undefined || !file.found || file.node.kind !== 'file') {
    if (run.made !== 'nothing' || state.cwd === undefined || /^\/(proc|dev|sys)\//.test(name)) return unknown;
    const says = `${name}, which the shell is to read, is not in the image`;
    noteProblem(
      run,
      problem('late-file-missing', says, { missing: [name], subject: run.script ?? run.shell }),
      isTested,
    );
    // bash goes on; others end where a file of `.` is not there (XCU 2.8.1).
    return run.flavour === 'bash' ? fails : { status: false, ended: 'exit' };
  }
  const text = await run.read(file.node, mostBytes);
  const before = state.args;
  if (args.length > 0) state.args = args.every((arg) => arg !== undefined) ? args : undefined;
  const outcome = await evaluateText(run, state, text, isTested);
  if (args.length > 0) state.args = before;
  return { status: outcome.status, ended: outcome.ended === 'return' ? 'no' : outcome.ended };
}

/** A name without a slash is looked for in PATH, where it need not be executable; dash does not look elsewhere. */
async function sourcedFile({ setting, flavour }: Run, state: ShellState, name: string) {
  const { tree, as } = setting;
  const path = name.includes('/') ? '' : (valueIn(state, 'PATH') ?? '');
  for (const folder of path.split(':').filter((one) => one.startsWith('/'))) {
    const file = await resolve(tree, `${folder}/${name}`, { as });
    if (file.found && file.node.kind === 'file') return file;
  }
  if (flavour === 'dash' && !name.includes('/')) return undefined;
  return resolve(tree, name, { as, ...(state.cwd !== undefined && { cwd: state.cwd }) });
}

async function evaluateWords(run: Run, state: ShellState, words: Words, isTested: boolean): Promise<Outcome> {
  return words.includes(undefined) ? unknown : evaluateText(run, state, words.join(' '), isTested);
}

async function evaluateText(
  run: Run,
  state: ShellState,
  text: string | undefined,
  isTested: boolean,
): Promise<Outcome> {
  const node = text === undefined ? undefined : parseShell(text);
  if (node === undefined || run.called.length >= mostCalls) {
    // It may set or run anything.
    run.reached = 'maybe';
    return unknown;
  }
  run.called.push('source');
  const outcome = await evaluate(run, state, node, isTested);
  run.called.pop();
  return outcome;
}

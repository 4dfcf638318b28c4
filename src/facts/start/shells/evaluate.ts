import { expandText, expandWord, type ShellNode, type ShellWord } from '../../shell/index.ts';
import { runCommand } from './command.ts';
import { globMatches, pathsOf } from './globs.ts';
import { type Ended, type Outcome, type Run, type Status, succeeds, unknown } from './run.ts';
import { copyOf, mergeInto, type ShellState } from './state.ts';
import { bracketTest } from './tests.ts';
import { variablesOf } from './variables.ts';

/** Rounds of a loop whose words are known. */
const mostRounds = 60;

/** Follows a script from command to command as far as it is known which way it goes. */
export async function evaluate(run: Run, state: ShellState, node: ShellNode, isTested = false): Promise<Outcome> {
  if (run.budget-- <= 0) run.reached = 'maybe';
  if (run.budget < -1000) return unknown;
  switch (node.kind) {
    case 'list':
      return list(run, state, node.items, isTested);
    case 'command':
      return runCommand(run, state, node, isTested);
    case 'and':
    case 'or':
      return andOr(run, state, node, isTested);
    case 'pipeline':
      return pipeline(run, state, node, isTested);
    case 'background':
      await inCopy(run, state, node.body, isTested);
      return succeeds;
    case 'subshell':
      return inCopy(run, state, node.body, isTested);
    case 'group':
      return evaluate(run, state, node.body, isTested);
    case 'if':
      return choose(run, state, node);
    case 'while':
    case 'until':
      return loop(run, state, node);
    case 'for':
      return rounds(run, state, node);
    case 'case':
      return cases(run, state, node);
    case 'function':
      state.functions.set(node.name, node.body);
      return succeeds;
    case 'test':
      return doubleBracket(run, state, { words: node.words, isTested });
    default:
      return unknown;
  }
}

interface Brackets {
  readonly words: readonly ShellWord[];
  readonly isTested: boolean;
}

/** For dash, `[[` is a command like any other. */
async function doubleBracket(run: Run, state: ShellState, { words, isTested }: Brackets): Promise<Outcome> {
  if (run.flavour !== 'dash') return { status: await bracketTest(run, state, words), ended: 'no' };
  const node = { kind: 'command', assignments: [], words: [{ raw: "'[['" }, ...words], redirections: [] } as const;
  return runCommand(run, state, node, isTested);
}

type Node<Kind extends ShellNode['kind']> = Extract<ShellNode, { kind: Kind }>;

async function list(run: Run, state: ShellState, items: readonly ShellNode[], isTested: boolean): Promise<Outcome> {
  let status: Status = true;
  for (const item of items) {
    const outcome = await evaluate(run, state, item, isTested);
    status = outcome.status;
    if (outcome.ended === 'maybe') run.reached = 'maybe';
    else if (outcome.ended !== 'no') return outcome;
    // Only what is known to fail ends a script under `set -e`: that programs which are there do their work is assumed.
    const exits = state.errexit && !isTested && status === false && !isCondition(item);
    if (exits) return { status, ended: 'exit' };
  }
  return { status, ended: 'no' };
}

/** What `set -e` passes over: the commands before the last `&&` or `||`, and what is negated. */
const isCondition = (node: ShellNode): boolean => node.kind === 'and' || (node.kind === 'pipeline' && node.isNegated);

async function andOr(run: Run, state: ShellState, node: Node<'and' | 'or'>, isTested: boolean): Promise<Outcome> {
  const left = await evaluate(run, state, node.left, true);
  if (left.ended !== 'no') return left;
  const goesOn = node.kind === 'and';
  if (left.status === goesOn) return evaluate(run, state, node.right, isTested);
  if (left.status !== undefined) return left;
  // A program that is there is expected to succeed.
  const right = await attempt(run, state, node.right, { reached: goesOn ? 'likely' : 'maybe', isTested });
  const status = goesOn ? right.status : right.status === true ? true : undefined;
  return { status, ended: right.ended };
}

interface Attempt {
  readonly reached: 'likely' | 'maybe';
  readonly isTested: boolean;
}

/** One of two ways: what is known afterwards holds for both. */
async function attempt(run: Run, state: ShellState, node: ShellNode, { reached, isTested }: Attempt): Promise<Outcome> {
  const way = copyOf(state);
  const outcome = await reachedAs(run, reached, () => evaluate(run, way, node, isTested));
  // What likely happens is taken to have happened.
  if (reached === 'likely') Object.assign(state, way);
  else mergeInto(state, [copyOf(state), way]);
  if (reached === 'likely') return { ...outcome, ended: outcome.ended === 'no' ? 'no' : 'maybe' };
  return { status: outcome.status, ended: outcome.ended === 'no' ? 'no' : 'maybe' };
}

/** Evaluates with less certainty than there is; what was certain before is so again afterwards. */
async function reachedAs<T>(run: Run, reached: 'likely' | 'maybe', evaluation: () => Promise<T>): Promise<T> {
  const before = run.reached;
  if (before !== 'maybe') run.reached = reached;
  const made = run.made;
  const result = await evaluation();
  run.reached = before;
  if (made === 'anything') run.made = made;
  return result;
}

/** A process of its own: nothing that it sets outlives it, and only it ends with `exit`. */
async function inCopy(run: Run, state: ShellState, body: ShellNode, isTested: boolean): Promise<Outcome> {
  const before = run.reached;
  const { status } = await evaluate(run, copyOf(state), body, isTested);
  run.reached = before;
  return { status, ended: 'no' };
}

async function pipeline(run: Run, state: ShellState, node: Node<'pipeline'>, isTested: boolean): Promise<Outcome> {
  const [only] = node.parts;
  if (node.parts.length === 1 && only !== undefined) {
    const { status, ended } = await evaluate(run, state, only, true);
    return { status: status === undefined ? undefined : !status, ended };
  }
  let outcome: Outcome = unknown;
  const stopped: Run['pending'][] = [];
  for (const part of node.parts) {
    run.pending = undefined;
    outcome = await inCopy(run, state, part, isTested);
    stopped.push(run.pending);
  }
  // Its parts run side by side: one that starts does not make up for one that does not.
  run.pending = stopped.find((pending) => pending !== undefined);
  const { status } = outcome;
  return { status: node.isNegated && status !== undefined ? !status : status, ended: 'no' };
}

async function choose(run: Run, state: ShellState, { clauses, otherwise }: Node<'if'>): Promise<Outcome> {
  const ways: ShellState[] = [];
  const endings: Ended[] = [];
  const maybe = async (body: ShellNode) => {
    const way = copyOf(state);
    const outcome = await reachedAs(run, 'maybe', () => evaluate(run, way, body));
    // A check that refuses to go on is expected to pass: what comes after it is what matters.
    if (outcome.ended === 'exit' && outcome.status === false && otherwise === undefined) return;
    if (outcome.ended === 'no' || outcome.ended === 'maybe') ways.push(way);
    endings.push(outcome.ended);
  };
  for (const { condition, body } of clauses) {
    const { status, ended } = await evaluate(run, state, condition, true);
    if (ended !== 'no') return { status, ended };
    if (status === false) continue;
    if (status === true && ways.length + endings.length === 0) return evaluate(run, state, body);
    await maybe(body);
    if (status === true) return joined(state, ways, endings);
  }
  if (endings.length === 0) return otherwise === undefined ? succeeds : evaluate(run, state, otherwise);
  if (otherwise === undefined) {
    ways.push(copyOf(state));
    endings.push('no');
  } else await maybe(otherwise);
  return joined(state, ways, endings);
}

function joined(state: ShellState, ways: readonly ShellState[], endings: readonly Ended[]): Outcome {
  mergeInto(state, ways);
  if (endings.every((ended) => ended === 'no')) return unknown;
  return { status: undefined, ended: endings.every((ended) => ended === 'exit') ? 'exit' : 'maybe' };
}

async function loop(run: Run, state: ShellState, node: Node<'while' | 'until'>): Promise<Outcome> {
  const goesOn = node.kind === 'while';
  const { status, ended } = await evaluate(run, state, node.condition, true);
  if (ended !== 'no') return { status, ended };
  if (status === !goesOn) return succeeds;
  const way = copyOf(state);
  const once = () => evaluate(run, way, node.body);
  const outcome = status === undefined ? await reachedAs(run, 'maybe', once) : await once();
  mergeInto(state, [copyOf(state), way]);
  if (outcome.ended === 'exit' && status === goesOn) return outcome;
  const isEndless = status === goesOn && outcome.ended === 'no';
  const mayEnd = outcome.ended === 'exit' || outcome.ended === 'return' || outcome.ended === 'maybe' || isEndless;
  return { status: undefined, ended: mayEnd ? 'maybe' : 'no' };
}

async function rounds(run: Run, state: ShellState, { name, words, body }: Node<'for'>): Promise<Outcome> {
  const values =
    words === undefined
      ? state.args
      : await valuesOf(
          run,
          state,
          words.map(({ raw }) => raw),
        );
  if (values === undefined || values.length > mostRounds) {
    state.variables.set(name, undefined);
    const outcome = await attempt(run, state, body, { reached: 'maybe', isTested: false });
    return { status: undefined, ended: outcome.ended };
  }
  let last: Outcome = succeeds;
  for (const value of values) {
    state.variables.set(name, value);
    last = await evaluate(run, state, body);
    if (last.ended === 'break') break;
    if (last.ended === 'maybe') run.reached = 'maybe';
    else if (last.ended !== 'no') return last;
  }
  return { status: last.status, ended: 'no' };
}

/** The words of a loop, paths expanded; undefined where some are only known at run time. */
async function valuesOf(run: Run, state: ShellState, raws: readonly string[]): Promise<string[] | undefined> {
  const values: string[] = [];
  for (const raw of raws) {
    const { fields, isExact } = await expandWord(raw, variablesOf(run, state));
    if (!isExact) return undefined;
    for (const { text, isGlob, pattern } of fields) {
      const paths = isGlob && text !== undefined ? await pathsOf(run, state, pattern) : undefined;
      if (text === undefined || (isGlob && paths === undefined)) return undefined;
      values.push(...(paths === undefined || paths.length === 0 ? [text] : paths));
    }
  }
  return values;
}

async function cases(run: Run, state: ShellState, { word, items }: Node<'case'>): Promise<Outcome> {
  const subject = await expandText(word.raw, variablesOf(run, state));
  const maybes: ShellNode[] = [];
  for (const { patterns, body } of items) {
    const matches =
      subject === undefined
        ? undefined
        : await matchesAny(run, state, { subject, raws: patterns.map(({ raw }) => raw) });
    if (matches === false) continue;
    if (matches === true && maybes.length === 0) return evaluate(run, state, body);
    maybes.push(body);
    if (matches === true) break;
  }
  if (maybes.length === 0) return succeeds;
  const ways = [copyOf(state)];
  const endings: Ended[] = ['no'];
  for (const body of maybes) {
    const way = copyOf(state);
    const { ended } = await reachedAs(run, 'maybe', () => evaluate(run, way, body));
    if (ended === 'no' || ended === 'maybe') ways.push(way);
    endings.push(ended);
  }
  return joined(state, ways, endings);
}

interface Match {
  readonly subject: string;
  readonly raws: readonly string[];
}

async function matchesAny(run: Run, state: ShellState, { subject, raws }: Match): Promise<boolean | undefined> {
  let isUnknown = false;
  for (const raw of raws) {
    const { fields, isExact } = await expandWord(raw, variablesOf(run, state));
    const [field] = fields;
    if (!isExact || fields.length > 1 || (field !== undefined && field.text === undefined)) isUnknown = true;
    else if (globMatches(field?.pattern ?? '', subject)) return true;
  }
  return isUnknown ? undefined : false;
}

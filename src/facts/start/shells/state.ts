import { builtins, type ShellNode } from '../../shell/index.ts';

/** What a shell knows at one point of its script. Copies are independent of each other. */
export interface ShellState {
  /** null: not set; undefined: set to what is only known at run time. */
  readonly variables: Map<string, string | null | undefined>;
  readonly exported: Set<string>;
  readonly functions: Map<string, ShellNode>;
  /** `$0`. */
  readonly name: string;
  args: readonly string[] | undefined;
  /** undefined after a `cd` to where nobody knows. */
  cwd: string | undefined;
  errexit: boolean;
}

/** Variables that shells set themselves, to what only they know. */
const ownVariables = [
  'HOSTNAME PPID RANDOM SECONDS LINENO SHLVL OLDPWD _ ! $ - ? BASH BASH_VERSION BASH_SOURCE FUNCNAME HOSTTYPE OSTYPE',
  'MACHTYPE EPOCHSECONDS UID EUID',
].flatMap((line) => line.split(' '));

interface Beginning {
  readonly env: readonly string[];
  readonly cwd: string;
  readonly name: string;
  readonly args: readonly string[];
}

/** A shell that was just started. */
export function initialState({ env, cwd, name, args }: Beginning): ShellState {
  const variables = new Map<string, string | null | undefined>(ownVariables.map((own) => [own, undefined]));
  const exported = new Set<string>();
  for (const entry of env) {
    const at = entry.indexOf('=');
    const variable = entry.slice(0, at);
    if (!/^[A-Za-z_]\w*$/.test(variable)) continue;
    variables.set(variable, entry.slice(at + 1));
    exported.add(variable);
  }
  variables.set('PWD', cwd);
  return { variables, exported, functions: new Map(), name, args, cwd, errexit: false };
}

export const copyOf = (state: ShellState): ShellState => ({
  ...state,
  variables: new Map(state.variables),
  exported: new Set(state.exported),
  functions: new Map(state.functions),
});

/** Makes `state` what is known when nobody knows which of several ways was taken: what they agree on. */
export function mergeInto(state: ShellState, ways: readonly ShellState[]): void {
  const [first, ...others] = ways;
  if (first === undefined) return;
  const names = new Set(ways.flatMap(({ variables }) => [...variables.keys()]));
  for (const name of names) {
    const value = first.variables.get(name) ?? (first.variables.has(name) ? first.variables.get(name) : null);
    const isAgreed = others.every((other) => valueIn(other, name) === valueIn(first, name));
    state.variables.set(name, isAgreed ? value : undefined);
  }
  for (const way of ways) {
    for (const name of way.exported) state.exported.add(name);
    for (const [name, body] of way.functions) if (!state.functions.has(name)) state.functions.set(name, body);
  }
  const sameArguments = others.every(({ args }) => JSON.stringify(args) === JSON.stringify(first.args));
  state.args = sameArguments ? first.args : undefined;
  state.cwd = others.every(({ cwd }) => cwd === first.cwd) ? first.cwd : undefined;
  state.errexit = ways.some(({ errexit }) => errexit);
}

/** null for what is not set. */
export const valueIn = ({ variables }: ShellState, name: string): string | null | undefined =>
  variables.has(name) ? variables.get(name) : null;

/** The environment of a program that is started. */
export function environmentIn(state: ShellState): string[] {
  const env: string[] = [];
  for (const name of state.exported) {
    const value = valueIn(state, name);
    if (typeof value === 'string') env.push(`${name}=${value}`);
  }
  return env;
}

export type Flavour = 'dash' | 'bash' | 'busybox';

const notInDash = new Set(
  `[[ bind builtin caller compgen complete compopt declare dirs disown enable fc help history let logout mapfile popd
  pushd readarray shopt source suspend typeset`.split(/\s+/),
);
const notInBusyBox = new Set(
  'bind builtin caller compgen complete compopt declare dirs disown enable fc logout mapfile popd pushd readarray suspend'.split(
    ' ',
  ),
);

/** Whether the shell does a command of this name by itself. */
export function isBuiltin(name: string, flavour: Flavour): boolean {
  if (name === 'chdir') return flavour !== 'bash';
  if (flavour === 'dash' && notInDash.has(name)) return false;
  return !(flavour === 'busybox' && notInBusyBox.has(name)) && builtins.has(name);
}

import { baseName, imagePath, parentPath } from '../../../kit/index.ts';
import { expandWord, parseShell, type ShellNode, type Variables } from '../../shell/index.ts';
import { findUser } from '../../users/index.ts';
import { findCommand } from './find-command.ts';
import type { Run } from './run.ts';
import { type ShellState, valueIn } from './state.ts';

/** What words of the script are expanded with. */
export const variablesOf = (run: Run, state: ShellState): Variables => ({
  valueOf: (name) => {
    if (name === '0') return state.name;
    if (name === 'PWD') return state.cwd;
    if (/^BASH_SOURCE(\[0\])?$/.test(name)) return run.called.includes('source') ? undefined : state.name;
    return name.includes('[') ? memberOf(run, name) : valueIn(state, name);
  },
  args: state.args,
  outputOf: (script) => outputOf(run, state, script),
  assign: (name, value) => void state.variables.set(name, value),
});

/** Of arrays no more is known than the functions that are being called; the script itself is `main`. */
function memberOf({ called }: Run, name: string): string | null | undefined {
  const [, count, index = ''] = /^(#?)FUNCNAME\[(@|\d+)\]$/.exec(name) ?? [];
  if (count === undefined) return undefined;
  const stack = called.length === 0 ? [] : [...called.toReversed(), 'main'];
  if (count === '#') return String(stack.length);
  return index === '@' ? undefined : (stack[Number(index)] ?? null);
}

/** What a substitution prints, where it is one command whose answer follows from the image. */
async function outputOf(run: Run, state: ShellState, script: string): Promise<string | undefined> {
  const node = onlyCommand(script.length < 2000 ? parseShell(script) : undefined);
  if (node === undefined || run.budget-- <= 0) return undefined;
  const words: string[] = [];
  for (const { raw } of node.words) {
    const { fields, isExact } = await expandWord(raw, variablesOf(run, state));
    for (const { text, isGlob } of fields) {
      if (text === undefined || isGlob) return undefined;
      words.push(text);
    }
    if (!isExact) return undefined;
  }
  return answer(run, state, words);
}

function onlyCommand(node: ShellNode | undefined): Extract<ShellNode, { kind: 'command' }> | undefined {
  const only = node?.kind === 'list' && node.items.length === 1 ? node.items[0] : node;
  const isPlain = only?.kind === 'command' && only.assignments.length === 0;
  return isPlain && only.redirections.every(({ operator }) => operator !== '<') ? only : undefined;
}

async function answer(run: Run, state: ShellState, words: readonly string[]): Promise<string | undefined> {
  const [name = '', ...args] = words;
  const line = words.join(' ');
  const { as, tree } = run.setting;
  if (name === 'echo') return args[0]?.startsWith('-') === true ? undefined : args.join(' ');
  if (name === 'printf' && args.length === 1) return /[%\\]/.test(args[0] ?? '') ? undefined : args[0];
  if (line === 'pwd' || line === 'pwd -P') return state.cwd;
  if (line === 'uname' || line === 'uname -s') return 'Linux';
  if (!(await isThere(run, state, name))) return undefined;
  if (line === 'id -u') return String(as.uid);
  if (line === 'id -g') return String(as.gids[0] ?? 0);
  if (line === 'whoami' || line === 'id -un') {
    const user = await findUser(tree, String(as.uid));
    return user.found ? user.name : undefined;
  }
  if (/^(command -v|which|type -p) [\w.+-]+$/.test(line)) {
    const found = await findCommand(run, state, args.at(-1) ?? '');
    return found.kind === 'file' ? found.command.name : undefined;
  }
  if (name === 'dirname' && args.length === 1) return dirName(args[0] ?? '');
  if (name === 'basename' && args.length === 1) return baseName(imagePath(args[0] ?? ''));
  return undefined;
}

async function isThere(run: Run, state: ShellState, name: string): Promise<boolean> {
  const found = await findCommand(run, state, name);
  return found.kind === 'file' || found.kind === 'builtin' || found.kind === 'applet';
}

function dirName(path: string): string {
  if (!path.includes('/')) return '.';
  return path.startsWith('/') ? parentPath(imagePath(path)) : path.slice(0, path.lastIndexOf('/'));
}

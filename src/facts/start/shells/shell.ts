import { recognisedBytes, recogniseProgram } from '../../../formats/program/index.ts';
import { baseName, isFault, readAll, readAt, textOfBytes } from '../../../kit/index.ts';
import { type FileNode, mayRead, resolve } from '../../../rootfs/index.ts';
import { parseShell } from '../../shell/index.ts';
import { isBusyBoxAt } from '../busybox.ts';
import { unreadableScript } from '../execute.ts';
import type { Process } from '../programs.ts';
import { findProgram, isNotFound } from '../search.ts';
import type { Setting } from '../setting.ts';
import { inRole } from '../setting.ts';
import { type Problem, problem } from '../verdict.ts';
import { evaluate } from './evaluate.ts';
import type { Run } from './run.ts';
import { type Flavour, initialState, type ShellState } from './state.ts';

/** Longer scripts carry data with them. */
const longestScript = 1024 * 1024;
const mostCommands = 3000;

interface CommandLine {
  /** The text behind `-c`. */
  readonly text: string | undefined;
  readonly isCommand: boolean;
  readonly operands: readonly string[];
  readonly letters: string;
  /** An option that no shell knows, in the first line of a script. */
  readonly isRefused: boolean;
}

/** What a shell does with its arguments: a text, a script, or standard input. */
export async function followShell(setting: Setting, started: Process): Promise<Problem | undefined> {
  const line = commandLine(started);
  if (line.isRefused) {
    const says = `${started.argv[0]} gets “${started.argument}” from the first line of ${started.script?.path} as one argument`;
    return problem('shebang-args', says, { subject: started.script?.path });
  }
  const run = await runOf(setting, started);
  if (line.isCommand) return followText(run, line);
  const [name, ...args] = line.operands;
  return name === undefined || line.letters.includes('s') ? undefined : followFile(run, { name, args, line });
}

function commandLine({ argv, argument, script, command }: Process): CommandLine {
  const words = argv.slice(1);
  let letters = '';
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--' || word === '-') {
      at++;
      break;
    }
    if (!/^[-+]/.test(word) || word === '+') break;
    if (/^--(rcfile|init-file)$/.test(word)) at++;
    if (word.startsWith('--')) continue;
    if (word.startsWith('-')) letters += word.slice(1);
    if (/[oO]$/.test(word)) at++;
  }
  const isCommand = letters.includes('c');
  const operands = words.slice(isCommand ? at + 1 : at);
  const isRefused = script !== undefined && argument !== undefined && isUnknownOption(argument, baseName(command.path));
  return { text: isCommand ? words[at] : undefined, isCommand, operands, letters, isRefused };
}

const longOptions =
  /^--(debug|debugger|dump-po-strings|dump-strings|help|init-file|login|noediting|noprofile|norc|posix|pretty-print|protected|rcfile|restricted|verbose|version|wordexp)?$/;
const dashOptions = /^-[abcefilmnosuvxCEIV]*$/;
const otherOptions = /^-[abcefhiklmnoprstuvxBCDEHIOPTV]*$/;

/** Whether a shell ends because of what its script's first line gives it. */
function isUnknownOption(word: string, shell: string): boolean {
  if (!word.startsWith('-')) return false;
  if (word.startsWith('--')) return !longOptions.test(word);
  return !(shell === 'dash' ? dashOptions : otherOptions).test(word);
}

async function runOf(setting: Setting, { command }: Process): Promise<Run> {
  const isBox = await isBusyBoxAt(command);
  return {
    setting,
    flavour: isBox ? 'busybox' : await flavourOf(setting, baseName(command.path)),
    command,
    script: undefined,
    shell: command.path,
    reached: 'surely',
    pending: undefined,
    made: 'nothing',
    written: new Set(),
    last: undefined,
    budget: mostCommands,
    called: [],
    read: readText,
  };
}

/** A shell that is called sh and is no link is told by what it comes with. */
async function flavourOf({ tree }: Setting, name: string): Promise<Flavour> {
  if (/^(r?bash|zsh|ksh|ksh93|mksh)$/.test(name)) return 'bash';
  if (name !== 'sh') return 'dash';
  for (const path of ['/bin/bash', '/usr/bin/bash']) {
    const bash = await resolve(tree, path);
    const dash = await resolve(tree, path.replace('bash', 'dash'));
    if (bash.found && !dash.found) return 'bash';
  }
  return 'dash';
}

async function readText({ content, sizeBytes }: FileNode, limitBytes: number): Promise<string | undefined> {
  if (sizeBytes > limitBytes) return undefined;
  try {
    return textOfBytes(await readAll(content, limitBytes));
  } catch (error) {
    if (!isFault(error, 'TOO_LARGE')) throw error;
    return undefined;
  }
}

async function followText(run: Run, { text, operands, letters }: CommandLine): Promise<Problem | undefined> {
  if (text === undefined) {
    return problem('shell-command-missing', `${run.shell} gets -c without a command`, { subject: run.shell });
  }
  const [name = run.shell, ...args] = operands;
  const state = stateOf(run, name, args);
  state.errexit = letters.includes('e');
  if (letters.includes('l')) await readProfile(run, state);
  await evaluateScript(run, state, text);
  takeLast(run);
  const stopped = run.pending?.problem;
  // A file that is not there keeps the text from coming to its command.
  return stopped?.cause === 'late-file-missing' ? { ...stopped, cause: 'shell-command-missing' } : stopped;
}

const stateOf = ({ setting: { env, cwd } }: Run, name: string, args: readonly string[]): ShellState =>
  initialState({ env, cwd, name, args });

/** A login shell begins with /etc/profile, which sets PATH anew in most distributions. */
async function readProfile(run: Run, state: ShellState): Promise<void> {
  const { tree, as } = run.setting;
  const profile = await resolve(tree, '/etc/profile', { as });
  if (!profile.found || profile.node.kind !== 'file' || !mayRead(profile.node, as)) return;
  const text = await run.read(profile.node, longestScript);
  const reading: Run = { ...run, reached: 'maybe' };
  const node = text === undefined ? undefined : parseShell(text);
  if (node !== undefined) await evaluate(reading, state, node);
}

async function evaluateScript(run: Run, state: ShellState, text: string): Promise<void> {
  // A carriage return belongs to the words for a shell, and to the end of the line for people.
  const node = text.includes('\r') ? undefined : parseShell(text);
  if (node !== undefined) await evaluate(run, state, node);
}

/** What ran last is what stays: it ends the chain. */
function takeLast({ setting, last }: Run): void {
  if (last === undefined) return;
  setting.links.push(...last.links);
  setting.closures.push(...last.closures);
  setting.undecided.push(...last.undecided);
}

interface ScriptFile {
  readonly name: string;
  readonly args: readonly string[];
  readonly line: CommandLine;
}

async function followFile(run: Run, { name, args, line }: ScriptFile): Promise<Problem | undefined> {
  const { setting } = run;
  const { tree, as, cwd } = setting;
  let found = await resolve(tree, name, { cwd, as });
  if (!found.found && !name.includes('/') && run.flavour === 'bash') {
    const inPath = await findProgram(setting, name);
    if (!isNotFound(inPath)) found = await resolve(tree, inPath.path, { as });
  }
  if (!found.found && found.problem === 'denied') return unreadableScript(as.uid, found.at);
  if (!found.found || found.node.kind === 'directory') {
    const says = `${name}, which ${run.shell} is to read, is not in the image`;
    return problem('program-missing', says, { missing: [name], subject: run.shell });
  }
  if (!mayRead(found.node, as)) return unreadableScript(as.uid, found.path);
  if (found.node.kind !== 'file') return undefined;
  const isByKernel = setting.links.some(({ path, kind }) => path === found.path && kind === 'script');
  if (!isByKernel) {
    const { path } = found;
    inRole(setting, 'script', [name, ...args]).chain.push({
      path,
      kind: 'script',
      machine: undefined,
      interpreter: undefined,
    });
    const { kind } = recogniseProgram(await readAt(found.node.content, 0, recognisedBytes));
    if (kind === 'elf')
      return problem('foreign-format', `${path} is an ELF program, and ${run.shell} reads scripts`, { subject: path });
  }
  const text = await run.read(found.node, longestScript);
  if (text === undefined) return undefined;
  const script: Run = { ...run, script: found.path };
  const state = stateOf(script, name, args);
  state.errexit = line.letters.includes('e');
  await evaluateScript(script, state, text);
  takeLast(script);
  return undefined;
}

import type { ProcessConfig } from '../../formats/oci/index.ts';
import { baseName } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { languageOf, type ProgramFacts } from '../programs/index.ts';
import type { ChainLink, StartVerdict } from '../start/index.ts';
import { callsOf } from './calls.ts';
import { scriptCallsOf } from './entry-script.ts';
import { healthcheckCallsOf } from './healthcheck.ts';
import type { NeedsOs } from './types.ts';

/** What is known when the question is asked; a Scene of jobs/explain is one. */
export interface StartedImage {
  readonly tree: FileTree;
  readonly config: ProcessConfig;
  readonly verdict: StartVerdict;
  readonly programs: readonly ProgramFacts[];
}

const shellNames = /^(sh|ash|dash|bash|ksh|mksh|zsh|fish|busybox|toybox)$/;

/**
 * Whether the program of an image would miss shells and everyday commands if they were taken away. Libraries and data
 * are files, not an operating system. Nothing is executed: a command put together at run time is not seen.
 */
export async function needsOsOf(image: StartedImage): Promise<NeedsOs> {
  const { verdict, programs } = image;
  if (verdict.starts === 'no') return unknown('the program does not start, so what it would call is not known');
  if (verdict.starts === 'unknown') return unknown('it is not known whether the program starts');
  const calls = [...shellsOf(verdict), ...(await healthcheckCallsOf(image))];
  const program = programs.at(-1);
  if (program === undefined) {
    return calls.length > 0 ? { answer: 'yes', because: calls } : unknown('what runs in the end is no ELF program');
  }
  if (isShell(verdict, program)) return { answer: 'yes', because: calls };
  const language = await languageOf(program);
  const isInterpreter = interpreted.has(language);
  calls.push(...(isInterpreter ? await scriptCallsOf(image, program, language) : await callsOf(image.tree, program)));
  if (calls.length > 0) return { answer: 'yes', because: calls };
  if (opaque.has(language)) return unknown(`what ${program.path} runs is bytecode, which is not looked into`);
  return { answer: 'no', because: [remains(program, isInterpreter)] };
}

const interpreted: ReadonlySet<string> = new Set(['python', 'node', 'java', 'ruby', 'perl', 'php', 'dotnet', 'shell']);
const opaque: ReadonlySet<string> = new Set(['java', 'dotnet']);

const unknown = (because: string): NeedsOs => ({ answer: 'unknown', because: [because] });

const isShellLink = ({ path }: ChainLink): boolean => shellNames.test(baseName(path));

const isShell = ({ chain }: StartVerdict, { path }: ProgramFacts): boolean =>
  chain.some((link) => link.path === path && isShellLink(link));

function shellsOf({ chain }: StartVerdict): string[] {
  const at = chain.findIndex((link) => link.kind === 'elf' && isShellLink(link));
  const shell = chain[at];
  if (shell === undefined) return [];
  const script = chain.slice(0, at).find(({ kind }) => kind === 'script');
  if (script !== undefined) return [`${script.path} is a script that ${shell.path} reads`];
  const isLast = at === chain.length - 1;
  return [isLast ? `the program is ${shell.path}, a shell` : `${shell.path}, a shell, starts the program`];
}

/** What it needs instead of an operating system. */
function remains({ path, closure }: ProgramFacts, isInterpreter: boolean): string {
  const count = closure.objects.filter(({ how }) => how !== 'program' && how !== 'interpreter').length;
  const needs =
    closure.interpreter === undefined
      ? 'is static and starts no other program'
      : `needs its loader and ${count === 1 ? 'one library' : `${count} libraries`}, and starts no other program`;
  return isInterpreter ? `${path} ${needs} that its script names` : `${path} ${needs}`;
}

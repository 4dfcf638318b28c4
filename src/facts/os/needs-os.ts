import type { ProcessConfig } from '../../formats/oci/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { languageOf, type ProgramFacts } from '../programs/index.ts';
import type { StartVerdict } from '../start/index.ts';
import { callsOf } from './calls.ts';
import { scriptCallsOf, starters } from './entry-script.ts';
import { healthcheckCallsOf } from './healthcheck.ts';
import type { NeedsOs } from './types.ts';

/** What is known when the question is asked; a Scene of jobs/explain is one. */
export interface StartedImage {
  readonly tree: FileTree;
  readonly config: ProcessConfig;
  readonly verdict: StartVerdict;
  readonly programs: readonly ProgramFacts[];
}

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
  const role = verdict.chain.find(({ path }) => path === program.path)?.role;
  if (role === 'shell') return { answer: 'yes', because: calls };
  const language = await languageOf(program);
  const isInterpreter = role === 'interpreter' && language in starters;
  calls.push(...(isInterpreter ? await scriptCallsOf(image, program, language) : await callsOf(image.tree, program)));
  if (calls.length > 0) return { answer: 'yes', because: calls };
  if (opaque.has(language)) return unknown(`what ${program.path} runs is bytecode, which is not looked into`);
  return { answer: 'no', because: [`${remains(program)}, ${isInterpreter ? scriptless : programless}`] };
}

const opaque: ReadonlySet<string> = new Set(['java', 'dotnet']);
const programless = 'and names no other program of the image that it would start';
const scriptless = 'and its script starts no other program by itself';

const unknown = (because: string): NeedsOs => ({ answer: 'unknown', because: [because] });

function shellsOf({ chain }: StartVerdict): string[] {
  const at = chain.findIndex(({ kind, role }) => kind === 'elf' && role === 'shell');
  const shell = chain[at];
  if (shell === undefined) return [];
  const script = chain.find(
    ({ kind, interpreter }, index) => kind === 'script' && index < at && interpreter !== undefined,
  );
  if (script !== undefined) return [`${script.path} is a script that ${shell.path} reads`];
  const isLast = at === chain.length - 1;
  return [isLast ? `the program is ${shell.path}, a shell` : `${shell.path}, a shell, starts the program`];
}

/** What it needs instead of an operating system. */
function remains({ path, closure }: ProgramFacts): string {
  const count = closure.objects.filter(({ how }) => how !== 'program' && how !== 'interpreter').length;
  if (closure.interpreter === undefined) return `${path} is static`;
  return `${path} needs its loader and ${count === 1 ? 'one library' : `${count} libraries`}`;
}

import { languageOf, type ProgramFacts } from '../../../../facts/programs/index.ts';
import type { StartVerdict } from '../../../../facts/start/index.ts';
import type { ImagePath } from '../../../../kit/index.ts';
import { readFile, resolve } from '../../../../rootfs/index.ts';
import type { Scene } from '../../rule.ts';

/** The script that an interpreter is given, as far as the chain of start knows it. */
export interface Script {
  readonly path: ImagePath;
  readonly text: string;
}

const mostBytes = 256 * 1024;
const interpreters: ReadonlySet<string> = new Set(['python', 'node', 'ruby', 'perl', 'php']);

/** undefined where no script is run, or it is too large to be written by people. */
export async function scriptOf(scene: Scene, program: ProgramFacts): Promise<Script | undefined> {
  if (!interpreters.has(await languageOf(program))) return undefined;
  const { tree, verdict, config } = scene;
  const inline = textArgument(verdict.chain, program.path);
  if (inline !== undefined) return { path: program.path, text: inline };
  for (const path of candidatesIn(verdict.chain, program.path)) {
    const found = await resolve(tree, path, { cwd: config.workingDir ?? '/' });
    if (!found.found || found.node.kind !== 'file' || found.node.sizeBytes > mostBytes) continue;
    const bytes = await readFile(tree, found.path, mostBytes);
    if (bytes !== undefined && !bytes.includes(0)) return { path: found.path, text: bytes.toString('utf8') };
  }
  return undefined;
}

/** `python -c TEXT`, `node -e TEXT`, `php -r TEXT`. */
function textArgument(chain: StartVerdict['chain'], interpreter: ImagePath): string | undefined {
  const argv = chain.findLast(({ path }) => path === interpreter)?.argv ?? [];
  const at = argv.findIndex((word, index) => index > 0 && (!word.startsWith('-') || inlineOption.test(word)));
  return inlineOption.test(argv[at] ?? '') ? argv[at + 1] : undefined;
}

const inlineOption = /^-([cer]|-eval)$/;

/** The script that the interpreter is told to run, else the one whose first line names it. */
function candidatesIn(chain: StartVerdict['chain'], interpreter: ImagePath): string[] {
  const at = chain.findLastIndex(({ path, kind }) => kind === 'elf' && path === interpreter);
  const after = chain.slice(at + 1).filter(({ kind }) => kind !== 'elf');
  const before = chain.slice(0, Math.max(at, 0)).findLast(({ role }) => role !== 'env');
  const around = [...after.reverse(), ...(before === undefined || before.kind === 'elf' ? [] : [before])];
  return around.map(({ path }) => path);
}

export interface OpenedByScript {
  readonly path: ImagePath | undefined;
  readonly names: readonly string[];
}

/** What stands at the beginning of a line is done in any case; what is indented may be an attempt. */
const openings = /^(?=[A-Za-z_$]).*?(?:CDLL|PyDLL|LoadLibrary|dlopen)\(\s*['"]([^'"\s]+\.so[\d.]*)['"]/gm;

/** Libraries that a script opens by name: Python's ctypes, Ruby's fiddle. */
export async function openedByScript(scene: Scene, program: ProgramFacts): Promise<OpenedByScript> {
  const script = await scriptOf(scene, program);
  if (script === undefined) return { path: undefined, names: [] };
  const names = [...script.text.matchAll(openings)].map(([, name = '']) => name);
  return { path: script.path, names: [...new Set(names)] };
}

import { languageOf, type ProgramFacts } from '../../../../facts/programs/index.ts';
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
export async function scriptOf(
  { tree, verdict: { chain } }: Scene,
  program: ProgramFacts,
): Promise<Script | undefined> {
  if (!interpreters.has(await languageOf(program))) return undefined;
  const path = chain.findLast(({ kind }) => kind !== 'elf')?.path;
  const found = path === undefined ? undefined : await resolve(tree, path);
  if (path === undefined || !found?.found || found.node.sizeBytes > mostBytes) return undefined;
  const bytes = await readFile(tree, path, mostBytes);
  return bytes && { path, text: bytes.toString('utf8') };
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

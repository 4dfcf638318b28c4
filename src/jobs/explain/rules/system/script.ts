import { type Language, languageOf } from '../../../../facts/programs/index.ts';
import { imagePath } from '../../../../kit/index.ts';
import type { Scene } from '../../rule.ts';
import { readText } from './ask.ts';

/** The program as its author wrote it, where an interpreter runs it. */
export interface Script {
  /** `the command line` for what follows `-c` or `-e`. */
  readonly path: string;
  readonly text: string;
}

/** The script that an interpreter of `language` gets: one of the chain, or one among its arguments. Empty for machine code. */
export async function scriptOf(scene: Scene, language: Language): Promise<Script | undefined> {
  const { program, verdict } = scene;
  if (program === undefined || (await languageOf(program)) !== language) return undefined;
  const inline = verdict.argv.findIndex((word) => word === '-c' || word === '-e');
  const text = inline === -1 ? undefined : verdict.argv[inline + 1];
  if (text !== undefined) return { path: 'the command line', text };
  const scripts = verdict.chain.filter(({ kind }) => kind === 'script').map(({ path }) => String(path));
  const words = verdict.argv.slice(1).filter((word) => !word.startsWith('-'));
  for (const path of [...scripts.reverse(), ...words]) {
    const content = await readText(scene, path);
    if (content !== undefined && !content.startsWith('\x7fELF'))
      return { path: path.startsWith('/') ? imagePath(path) : path, text: content };
  }
  return undefined;
}

import { type Language, languageOf } from '../../../../facts/programs/index.ts';
import type { Scene } from '../../rule.ts';
import { scriptOf } from '../program/script-text.ts';
import { readText } from './ask.ts';

/** What a script does in any case: its lines that are not indented. */
export interface PlainScript {
  readonly path: string;
  readonly language: Language;
  readonly text: string;
}

/** The script that the interpreter of the chain gets; undefined for machine code. What is indented may be an attempt. */
export async function plainScriptOf(scene: Scene): Promise<PlainScript | undefined> {
  const { program } = scene;
  const script = program && (await scriptOf(scene, program));
  if (program === undefined || script === undefined) return undefined;
  return { path: script.path, language: await languageOf(program), text: plainLines(script.text) };
}

/** The shell's script that the container begins with. */
export async function shellScriptOf(scene: Scene): Promise<PlainScript | undefined> {
  const [first] = scene.verdict.chain;
  if (first?.kind !== 'script' || !/\/(sh|bash|dash|ash)(\s|$)/.test(first.interpreter ?? '')) return undefined;
  const text = await readText(scene, first.path);
  return text === undefined ? undefined : { path: first.path, language: 'shell', text: plainLines(text) };
}

const plainLines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^[^\s#]/.test(line))
    .join('\n');

/** What one group of a pattern matched, each once. */
export const matchesOf = (text: string, pattern: RegExp, group: number): readonly string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match[group] ?? '')),
];

import { languageOf } from '../../../../facts/programs/index.ts';
import type { Found, Scene } from '../../rule.ts';
import { findCommand } from './ask.ts';
import { type Script, scriptOf } from './script.ts';

/** How a language starts a command by name: the name is the last group; and what needs a shell. */
const patterns = {
  python: {
    command: /\bsubprocess\.(?:run|call|check_call|check_output|Popen)\(\s*\[\s*(['"])([\w./+-]+)\1/g,
    shell: /\bos\.(?:system|popen)\(|\bshell\s*=\s*True\b/,
  },
  node: {
    command: /\b(?:spawn|spawnSync|execFile|execFileSync)\(\s*(['"`])([\w./+-]+)\1/g,
    shell: /\bexec(?:Sync)?\(\s*['"`][^)]*\)|\bshell\s*:\s*true\b/,
  },
  ruby: { command: /\b(?:system|spawn|exec)\(\s*(['"])([\w./+-]+)\1\s*,/g, shell: /`[^`\n]+`|%x[{(]/ },
  perl: {
    command: /\b(?:system|exec)\(?\s*(['"])([\w./+-]+)\1\s*,/g,
    shell: /\b(?:system|exec)\(?\s*(['"])[^'"\n]*[|&;<>$*?][^'"\n]*\1/,
  },
} as const;

/** Commands that a script of an interpreter starts by a constant name, and that are not in the image. */
export async function commandsOfScript(scene: Scene): Promise<readonly Found[]> {
  const language = scene.program && (await languageOf(scene.program));
  if (language !== 'python' && language !== 'node' && language !== 'ruby' && language !== 'perl') return [];
  const script = await scriptOf(scene, language);
  if (script === undefined || (language === 'node' && !script.text.includes('child_process'))) return [];
  const { command, shell } = patterns[language];
  const found: Found[] = [];
  for (const name of new Set([...script.text.matchAll(command)].map((match) => match[2] ?? ''))) {
    if ((await findCommand(scene, name)) === undefined) found.push(lacking(script, name));
  }
  if (shell.test(script.text) && (await findCommand(scene, '/bin/sh')) === undefined)
    found.push(lacking(script, '/bin/sh'));
  return found;
}

const lacking = ({ path }: Script, name: string): Found => ({
  says: `${path} starts ${name}, which the image does not have`,
  missing: [name],
  about: { command: name, script: path },
});

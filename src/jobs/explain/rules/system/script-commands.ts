import { builtins } from '../../../../facts/shell/index.ts';
import type { Found, Scene } from '../../rule.ts';
import { findCommand } from './ask.ts';
import { matchesOf, type PlainScript, plainScriptOf } from './script.ts';

interface Patterns {
  /** A command by its name, in the second group. */
  readonly command: RegExp;
  /** What goes through a shell. */
  readonly shell: RegExp;
  /** A constant text for a shell, with its first word in the second group. */
  readonly line?: RegExp;
}

const patterns: Readonly<Partial<Record<PlainScript['language'], Patterns>>> = {
  python: {
    command: /\bsubprocess\.(?:run|call|check_call|check_output|Popen)\(\s*\[\s*(['"])([\w./+-]+)\1/g,
    shell: /\bos\.(?:system|popen)\(|\bshell\s*=\s*True\b/,
    line: /\b(?:os\.(?:system|popen)|subprocess\.\w+)\(\s*(['"])([\w./+-]+)(?=\s[^'"\n|&;()$`]*\1|\1)/g,
  },
  node: {
    command: /\b(?:spawn|spawnSync|execFile|execFileSync)\(\s*(['"`])([\w./+-]+)\1/g,
    shell: /(?<![\w.])(?:\w+\.)?exec(?:Sync)?\(\s*['"`][^)]*\)|\bshell\s*:\s*true\b/,
    line: /(?<![\w.])(?:\w+\.)?exec(?:Sync)?\(\s*(['"`])([\w./+-]+)(?=\s[^'"`\n|&;()$]*\1|\1)/g,
  },
  ruby: { command: /\b(?:system|spawn|exec)\(?\s*(['"])([\w./+-]+)\1\s*,/g, shell: /`[^`\n]+`|%x[{(]/ },
  perl: {
    command: /\b(?:system|exec)\(?\s*(['"])([\w./+-]+)\1\s*,/g,
    shell: /\b(?:system|exec)\(?\s*(['"])[^'"\n]*[|&;<>$*?][^'"\n]*\1/,
  },
  php: { command: /\bproc_open\(\s*\[\s*(['"])([\w./+-]+)\1/g, shell: /\b(?:exec|shell_exec|system|passthru|popen)\(/ },
};

/** Commands that a script of an interpreter starts by a constant name, and that are not in the image. */
export async function commandsOfScript(scene: Scene): Promise<readonly Found[]> {
  const script = await plainScriptOf(scene);
  const known = script && patterns[script.language];
  if (script === undefined || known === undefined) return [];
  if (script.language === 'node' && !script.text.includes('child_process')) return [];
  const found: Found[] = [];
  const hasShell = (await findCommand(scene, '/bin/sh')) !== undefined;
  const lines = hasShell && known.line !== undefined ? matchesOf(script.text, known.line, 2) : [];
  const names = [...matchesOf(script.text, known.command, 2), ...lines.filter((name) => !builtins.has(name))];
  for (const name of new Set(names))
    if ((await findCommand(scene, name)) === undefined) found.push(lacking(script, name));
  if (known.shell.test(script.text) && !hasShell) found.push(lacking(script, '/bin/sh'));
  return found;
}

const lacking = ({ path }: PlainScript, name: string): Found => ({
  says: `${path} starts ${name}, which the image does not have`,
  missing: [name],
  about: { command: name, script: path },
});

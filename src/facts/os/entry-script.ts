import type { ImagePath } from '../../kit/index.ts';
import { readAt } from '../../kit/index.ts';
import { type FileTree, resolve } from '../../rootfs/index.ts';
import type { Language, ProgramFacts } from '../programs/index.ts';
import type { StartedImage } from './needs-os.ts';

/** How scripts of a language start other programs. */
export const starters: Partial<Record<Language, RegExp>> = {
  python:
    /\b(?:subprocess|os\.(?:system|popen|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?)|pty\.spawn|asyncio\.create_subprocess_\w+)\b/,
  node: /\b(?:node:)?child_process\b/,
  ruby: /%x[([{|]|`[^`\n]+`|\b(?:Open3|IO\.popen|Process\.spawn|Kernel\.(?:system|exec|spawn))\b|\bsystem[\s(]+["']/,
  perl: /\bqx[\s({[/|]|`[^`\n]+`|\b(?:system|exec)[\s(]+["'$@]|\bIPC::\w+/,
  php: /\b(?:shell_exec|passthru|proc_open|popen|pcntl_exec|system|exec)\s*\(/,
};
const comments: Partial<Record<Language, RegExp>> = {
  python: /^[ \t]*#.*$/gm,
  ruby: /^[ \t]*#.*$/gm,
  perl: /^[ \t]*#.*$/gm,
  node: /^[ \t]*\/\/.*$/gm,
  php: /^[ \t]*(?:\/\/|#).*$/gm,
};
const limitBytes = 512 * 1024;
const mostArguments = 64;

/** What the script that an interpreter is given starts; its modules are not looked into. */
export async function scriptCallsOf(image: StartedImage, program: ProgramFacts, language: Language): Promise<string[]> {
  const starter = starters[language];
  if (starter === undefined) return [];
  for (const path of await scriptsOf(image, program)) {
    const text = (await textAt(image.tree, path))?.replace(comments[language] ?? /$^/, '');
    const found = text === undefined ? undefined : starter.exec(text)?.[0];
    if (found !== undefined) return [`${path} starts other programs: it has “${found.trim()}”`];
  }
  return [];
}

/** The scripts of the chain, else the first argument that is a file. */
async function scriptsOf({ tree, config, verdict }: StartedImage, program: ProgramFacts): Promise<ImagePath[]> {
  const scripts = verdict.chain.filter(({ kind }) => kind === 'script').map(({ path }) => path);
  if (scripts.length > 0) return scripts;
  for (const word of verdict.argv.slice(0, mostArguments)) {
    if (word.startsWith('-')) continue;
    const found = await resolve(tree, word, { cwd: config.workingDir ?? '/' });
    if (found.found && found.node.kind === 'file' && found.path !== program.path) return [found.path];
  }
  return [];
}

async function textAt(tree: FileTree, path: ImagePath): Promise<string | undefined> {
  const node = await tree.lookup(path);
  if (node?.kind !== 'file') return undefined;
  return Buffer.from(await readAt(node.content, 0, limitBytes)).toString('latin1');
}

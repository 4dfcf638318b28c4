import type { ImagePath } from '../../kit/index.ts';
import { type FileTree, resolve } from '../../rootfs/index.ts';
import type { ProgramFacts } from '../programs/index.ts';

/** Functions of libc that hand their argument to /bin/sh. */
const shellFunctions = ['system', 'popen', 'wordexp'];
const execFunctions = /^(execv|execvp|execvpe|execve|execl|execlp|execle|fexecve|posix_spawnp?)$/;
/** What Go's and Rust's standard libraries leave in programs that start others. */
const goExec = 'os/exec.(*Cmd).Start';

/** A command by its full name, as it stands among other text. */
const command = /(?<![\w/.-])\/(?:usr\/(?:local\/)?)?s?bin\/[a-z][\w.+-]*(?![\w/*%])/g;
const mostStrings = 200_000;
const mostNamed = 3;

/** What a compiled program calls of an operating system: sentences; none where nothing shows. */
export async function callsOf(tree: FileTree, program: ProgramFacts): Promise<string[]> {
  const imports = await program.imports();
  const called = shellFunctions.filter((name) => imports.has(name));
  if (called.length > 0) return [`${program.path} calls ${called.join(' and ')}, which start /bin/sh`];
  const isStatic = program.elf.interpreter === undefined;
  const mayStart = isStatic || [...imports].some((name) => execFunctions.test(name));
  if (!mayStart) return [];
  const named = await commandsNamed(tree, program);
  if (named.length === 0) return [];
  return [`${program.path} can start other programs and names ${named.join(', ')}`];
}

/** Commands of the tree that the program names, another name of itself left out. */
async function commandsNamed(tree: FileTree, program: ProgramFacts): Promise<ImagePath[]> {
  const texts = await program.strings();
  if ((await program.go()) !== undefined && !hasText(texts, goExec)) return [];
  const found = new Set<string>();
  let count = 0;
  for (const text of texts) {
    if (++count > mostStrings) break;
    if (text.includes('bin/')) for (const [name] of text.matchAll(command)) found.add(name);
  }
  const named: ImagePath[] = [];
  for (const name of found) {
    const file = await resolve(tree, name);
    if (!file.found || file.node.kind !== 'file' || (file.node.mode & 0o111) === 0) continue;
    if (file.path === program.path) continue;
    named.push(name as ImagePath);
    if (named.length === mostNamed) break;
  }
  return named;
}

function hasText(texts: ReadonlySet<string>, wanted: string): boolean {
  for (const text of texts) if (text.includes(wanted)) return true;
  return false;
}

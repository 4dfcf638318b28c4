import { type FileTree, mayExecute, resolve } from '../../rootfs/index.ts';
import type { ProgramFacts } from '../programs/index.ts';

/** Functions of libc that hand their argument to /bin/sh. */
const shellFunctions = ['system', 'popen', 'wordexp'];
const execFunctions = /^(execv|execvp|execvpe|execve|execl|execlp|execle|fexecve|posix_spawnp?)$/;
/** A message of Go's os/exec, which is linked into programs that start others alone. */
const goExec = 'exec: already started';

/** A command by its full name, as it stands among other text. */
const command = /(?<![\w/.-])\/(?:usr\/(?:local\/)?)?s?bin\/[a-z][\w.+-]*(?![\w/*%])/g;
/** The same in Go's data, where texts stand one after another without anything between them. */
const commandInGo = /\/(?:usr\/(?:local\/)?)?s?bin\/[a-z][\w.+-]{1,30}/g;
const shell = '/bin/sh';
const root = { uid: 0, gids: [0] };
const shortestName = 2;
const mostInGo = 500;
const mostStrings = 200_000;
const mostNamed = 3;

/** What a compiled program calls of an operating system: sentences; none where nothing shows. */
export async function callsOf(tree: FileTree, program: ProgramFacts): Promise<string[]> {
  const imports = await program.imports();
  const called = shellFunctions.filter((name) => imports.has(name));
  if (called.length > 0)
    return [`${program.path} calls ${called.join(' and ')}, which ${called.length === 1 ? 'starts' : 'start'} /bin/sh`];
  const isStatic = program.elf.interpreter === undefined;
  const mayStart = isStatic || [...imports].some((name) => execFunctions.test(name));
  if (!mayStart) return [];
  const named = await commandsNamed(tree, program);
  if (named.length === 0) return [];
  return [`${program.path} can start other programs and names ${named.join(', ')}`];
}

/** Commands of the tree that the program names, another name of itself left out; the shell also where it is not there. */
async function commandsNamed(tree: FileTree, program: ProgramFacts): Promise<string[]> {
  const texts = await program.strings();
  const isGo = (await program.go()) !== undefined;
  if (isGo && !hasText(texts, goExec)) return [];
  const named = new Set<string>();
  for (const name of isGo ? beginningsOf(namesIn(texts, commandInGo)) : namesIn(texts, command)) {
    const file = await resolve(tree, name);
    const isOther = file.found && file.path !== program.path && file.node.kind === 'file';
    if (file.found ? isOther && mayExecute(file.node, root) : name === shell) named.add(name);
    if (named.size === mostNamed) break;
  }
  return [...named];
}

function namesIn(texts: ReadonlySet<string>, pattern: RegExp): Set<string> {
  const found = new Set<string>();
  let count = 0;
  for (const text of texts) {
    if (++count > mostStrings) break;
    if (text.includes('bin/')) for (const [name] of text.matchAll(pattern)) found.add(name);
  }
  return found;
}

/** What a name may be whose end is not known, the longest first. */
function* beginningsOf(names: ReadonlySet<string>): Generator<string> {
  for (const name of [...names].slice(0, mostInGo)) {
    const least = name.lastIndexOf('/') + 1 + shortestName;
    for (let end = name.length; end >= least; end--) yield name.slice(0, end);
  }
}

function hasText(texts: ReadonlySet<string>, wanted: string): boolean {
  for (const text of texts) if (text.includes(wanted)) return true;
  return false;
}

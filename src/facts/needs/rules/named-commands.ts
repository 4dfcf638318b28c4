import type { ImagePath } from '../../../kit/index.ts';
import type { NeedLevel } from '../../types.ts';
import { isCommandPath, type Related, type Relation } from '../related.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Subject } from '../subject.ts';

const shellCallers = ['system', 'popen', 'wordexp'];
const callers = `execl execle execlp execv execve execvp execvpe fexecve posix_spawn posix_spawnp g_spawn_async
  g_spawn_sync g_spawn_command_line_sync g_spawn_async_with_pipes pex_run apr_proc_create uv_spawn`.split(/\s+/);
const levels: Readonly<Record<Relation, NeedLevel>> = {
  own: 'likely',
  sibling: 'likely',
  depends: 'likely',
  recommends: 'likely',
  suggests: 'possible',
};

/** Programs that a program starts: the shell behind system(3), and commands named in its strings. */
export const namedCommands: Rule = {
  name: 'subprocess',
  async wishesOf(subject, scene) {
    if ((await subject.elf()) === undefined || /\/libc[.-]/.test(subject.path)) return [];
    const wishes: Wish[] = [];
    const shellCaller = await subject.importsAny(shellCallers);
    const caller = shellCaller ?? (await subject.importsAny(callers));
    const isClosed = subject.isProgram && subject.process?.flavour === 'static';
    if (caller === undefined && !isClosed) return [];
    if (shellCaller !== undefined || (await subject.names('/bin/sh'))) {
      wishes.push({
        path: '/bin/sh',
        level: 'likely',
        detail: `${shellCaller ?? 'it'} starts the shell`,
        role: 'program',
      });
    }
    const related = await scene.relatedTo(subject.path);
    const reason = caller ?? 'it';
    for (const path of await subject.absolutePaths())
      wishes.push(...(await absolute(path, reason, { related, scene })));
    if (related !== undefined && subject.role !== 'library') wishes.push(...(await bare(subject, reason, related)));
    return wishes.map((wish) => (isFar(subject, wish, related) ? { ...wish, level: 'possible' } : wish));
  },
};

/** What is started by a program that is itself only started by another: it must be of the same package. */
const isFar = (subject: Subject, wish: Wish, related: Related | undefined): boolean =>
  subject.depth > 0 && wish.path !== '/bin/sh' && related?.relationTo(wish.path as ImagePath) !== 'own';

async function absolute(
  path: string,
  reason: string,
  about: { related: Related | undefined; scene: Scene },
): Promise<Wish[]> {
  const found = await about.scene.findFile(path);
  if (found === undefined || (found.node.mode & 0o111) === 0 || /\.so(\.|$)/.test(path)) return [];
  const relation = about.related?.relationTo(found.path) ?? about.related?.relationTo(path as typeof found.path);
  const level = relation === undefined ? 'possible' : levels[relation];
  return [{ path, level, detail: `named in it, and ${reason} starts programs`, role: 'program' }];
}

/** Names of commands among the strings, of the packages around its own only: others are words. */
async function bare(subject: Subject, reason: string, related: Related): Promise<Wish[]> {
  const wishes: Wish[] = [];
  for (const text of await subject.strings()) {
    const name = text.split(' ', 1)[0] ?? '';
    const command = name.length > 1 ? related.commands.get(name) : undefined;
    if (command === undefined || !isCommandPath(command.path)) continue;
    wishes.push({
      path: command.path,
      level: levels[command.relation],
      detail: `${reason} may start ${name}`,
      role: 'program',
    });
  }
  return wishes;
}

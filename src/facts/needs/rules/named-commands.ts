import { baseName, type ImagePath } from '../../../kit/index.ts';
import type { NeedLevel } from '../../types.ts';
import { everyday } from '../everyday.ts';
import type { Command, Related, Relation } from '../related.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Subject } from '../subject.ts';

const shellCallers = ['system', 'popen', 'wordexp'];
const callers = `execl execle execlp execv execve execvp execvpe fexecve posix_spawn posix_spawnp g_spawn_async
  g_spawn_sync g_spawn_command_line_sync g_spawn_async_with_pipes pex_run apr_proc_create uv_spawn`.split(/\s+/);
/** A suggested program of this size is worth its bytes. */
const smallBytes = 256 * 1024;
const longestWord = 24;
const manyOwn = 5;
const levels: Readonly<Record<Relation, NeedLevel>> = {
  own: 'likely',
  sibling: 'likely',
  depends: 'likely',
  recommends: 'likely',
  suggests: 'possible',
  kin: 'likely',
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
    if (subject.role === 'program' || subject.role === 'module')
      wishes.push(...(await bare(subject, reason, { related, scene })));
    return subject.depth === 0 ? wishes : weakened(wishes, related);
  },
};

/** What is started by a program that is itself only started by another: it must be of the same package. */
async function weakened(wishes: readonly Wish[], related: Related | undefined): Promise<Wish[]> {
  const near = async ({ path }: Wish) =>
    everyday.has(baseName(path as ImagePath)) || (await related?.relationTo(path as ImagePath)) === 'own';
  return Promise.all(wishes.map(async (wish) => ((await near(wish)) ? wish : { ...wish, level: 'possible' as const })));
}

interface About {
  readonly related: Related | undefined;
  readonly scene: Scene;
}

async function absolute(path: string, reason: string, about: About): Promise<Wish[]> {
  const found = await about.scene.findFile(path);
  if (found === undefined || (found.node.mode & 0o111) === 0 || /\.so(\.|$)/.test(path)) return [];
  const relation = await about.related?.relationTo(found.path);
  const isEveryday = everyday.has(baseName(found.path));
  const level = isEveryday ? 'likely' : relation === undefined ? 'possible' : levels[relation];
  return [{ path, level, detail: `named in it, and ${reason} starts programs`, role: 'program' }];
}

/** Names of commands among the strings, of the packages around its own only: others are words. */
async function bare(subject: Subject, reason: string, { related, scene }: About): Promise<Wish[]> {
  const wishes: Wish[] = [];
  const commands = (await related?.commands()) ?? new Map<string, Command>();
  for (const name of await everydayIn(subject)) {
    const path = await scene.findCommand(name);
    if (path !== undefined) wishes.push({ path, level: 'likely', detail: `${reason} starts ${name}`, role: 'program' });
  }
  for (const name of await namesIn(subject, commands)) {
    const command = commands.get(name);
    if (command === undefined) continue;
    const level = command.relation === 'suggests' ? await levelOfSuggestion(command, scene) : levels[command.relation];
    const role = command.relation === 'suggests' ? 'helper' : 'program';
    wishes.push({ path: command.path, level, detail: `${reason} may start ${name}`, role });
  }
  const own = wishes.filter(({ path }) => commands.get(baseName(path as ImagePath))?.relation === 'own');
  return subject.depth > 0 || own.length < manyOwn ? wishes : [...wishes, ...(await rest(commands, scene))];
}

/** A program that starts many of its package's is a driver, as groff is: the others are named in its data. */
async function rest(commands: ReadonlyMap<string, Command>, scene: Scene): Promise<Wish[]> {
  const wishes: Wish[] = [];
  for (const { path, relation } of commands.values()) {
    const found = relation === 'own' ? await scene.findFile(path) : undefined;
    if (found === undefined || found.node.sizeBytes > smallBytes) continue;
    wishes.push({
      path,
      level: 'likely',
      detail: 'a small program of its package, which starts several of those',
      role: 'helper',
    });
  }
  return wishes;
}

/** Everyday commands with an option, as a shell gets them: `uname -a`. */
async function everydayIn(subject: Subject): Promise<Set<string>> {
  const names = new Set<string>();
  for (const text of await subject.strings()) {
    const name = /^([a-z]+) -/.exec(text.slice(0, longestWord))?.[1];
    if (name !== undefined && everyday.has(name)) names.add(name);
  }
  return names;
}

/** tar suggests xz-utils, which it starts all the time; a large program is suggested for other reasons. */
async function levelOfSuggestion({ path }: Command, scene: Scene): Promise<NeedLevel> {
  const found = await scene.findFile(path);
  return found !== undefined && found.node.sizeBytes <= smallBytes ? 'likely' : 'possible';
}

/**
 * First words of the strings, the ends of composed words (linkers store `nm` as the end of `gcc-nm`, and `xz` of `.xz`),
 * and names of two or three letters, which are too short to count as strings.
 */
async function namesIn(subject: Subject, commands: ReadonlyMap<string, Command>): Promise<Set<string>> {
  const names = new Set<string>();
  for (const text of await subject.strings()) {
    names.add(text.split(' ', 1)[0] ?? '');
    const end = text.length <= longestWord ? /^[\w.-]*[.-](\w+)$/.exec(text)?.[1] : undefined;
    if (end !== undefined) names.add(end);
  }
  if (subject.depth > 0) return names;
  const bytes = await subject.bytes();
  for (const name of commands.keys()) {
    if (name.length <= 3 && (bytes.includes(`\0${name}\0`, 0, 'latin1') || bytes.includes(`.${name}\0`, 0, 'latin1')))
      names.add(name);
  }
  return names;
}

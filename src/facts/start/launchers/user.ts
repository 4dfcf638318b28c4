import { findUser } from '../../users/index.ts';
import type { Process } from '../programs.ts';
import { type Setting, withVariable } from '../setting.ts';
import { type Problem, problem } from '../verdict.ts';
import { launch, ownName } from './launch.ts';
import { takeOptions } from './options.ts';

/** `gosu USER COMMAND`, `su-exec`, `setuidgid`: the program runs as another user. */
export async function followUserFirst(setting: Setting, started: Process): Promise<Problem | undefined> {
  const { values, rest } = takeOptions(started.argv.slice(1), {});
  const [user = '', ...argv] = rest;
  if (values.size > 0 && argv.length === 0) return undefined;
  const changed = await asUser(setting, started, user);
  // Go's own execve hands no text to a shell.
  const takesTexts = ownName(started) !== 'gosu';
  return 'cause' in changed ? changed : launch(changed, started, { argv, missing: 'program-missing', takesTexts });
}

const runuserRules = {
  short: 'ugGcsw',
  long: ['user', 'group', 'supp-group', 'command', 'shell', 'whitelist-environment'],
};

/** `runuser -u USER -- COMMAND`; `su USER -c TEXT` and its like are the user's shell with these words. */
export async function followSu(setting: Setting, started: Process): Promise<Problem | undefined> {
  const words = started.argv.slice(1);
  const { values, rest } = takeOptions(words, runuserRules);
  const named = ownName(started) === 'runuser' ? (values.get('u') ?? values.get('user')) : undefined;
  if (named !== undefined) {
    const changed = await asUser(setting, started, named);
    return 'cause' in changed ? changed : launch(changed, started, { argv: rest, missing: 'program-missing' });
  }
  const isLogin = rest[0] === '-';
  const operands = isLogin ? rest.slice(1) : rest;
  const behind = takeOptions(operands.slice(1), runuserRules);
  const user = operands[0] ?? 'root';
  const changed = await asUser(setting, started, user);
  if ('cause' in changed) return changed;
  const account = await findUser(setting.tree, user);
  const own = account.found ? account.shell : '';
  const shell = values.get('s') ?? values.get('shell') ?? behind.values.get('s') ?? behind.values.get('shell') ?? own;
  const text = values.get('c') ?? values.get('command') ?? behind.values.get('c') ?? behind.values.get('command');
  const argv = [shell === '' ? '/bin/sh' : shell, ...(text === undefined ? [] : ['-c', text]), ...behind.rest];
  return launch(changed, started, { argv, missing: 'program-missing' });
}

/** sudo finds the program in its own secure_path, which is docker's PATH in most distributions. */
export async function followSudo(setting: Setting, started: Process): Promise<Problem | undefined> {
  const { values, rest } = takeOptions(started.argv.slice(1), {
    short: 'ugpCcDhRrtTU',
    long: ['user', 'group', 'prompt', 'chdir', 'host', 'chroot', 'close-from'],
  });
  const program = rest.findIndex((word) => !/^\w+=/.test(word));
  if (program === -1) return undefined;
  const changed = await asUser(setting, started, values.get('u') ?? values.get('user') ?? 'root');
  return 'cause' in changed
    ? changed
    : launch(changed, started, { argv: rest.slice(program), missing: 'program-missing' });
}

/** `setpriv --reuid=USER --regid=GROUP COMMAND`. */
export async function followSetpriv(setting: Setting, started: Process): Promise<Problem | undefined> {
  const long = 'reuid euid ruid regid egid rgid groups inh-caps ambient-caps bounding-set securebits pdeathsig'.split(
    ' ',
  );
  const { values, rest } = takeOptions(started.argv.slice(1), { long: [...long, 'selinux-label', 'apparmor-profile'] });
  if (values.has('dump') || values.has('d') || values.has('help') || values.has('version')) return undefined;
  const user = values.get('reuid') ?? values.get('euid');
  const changed = user === undefined ? setting : await asUser(setting, started, user);
  return 'cause' in changed ? changed : launch(changed, started, { argv: rest, missing: 'program-missing' });
}

async function asUser(setting: Setting, started: Process, text: string): Promise<Setting | Problem> {
  const found = await findUser(setting.tree, text);
  if (setting.as.uid !== 0) {
    setting.undecided.push(`${ownName(started)} is to change the user, and only root may do that without being asked`);
  }
  if (found.found) {
    const env = withVariable(setting.env, 'HOME', found.home);
    return { ...setting, env, as: { uid: found.uid, gids: [found.gid, ...found.groups] } };
  }
  const cause = found.isOutOfRange ? 'user-invalid' : found.what === 'group' ? 'group-not-found' : 'user-not-found';
  const file = found.what === 'group' ? '/etc/group' : '/etc/passwd';
  const says = `${ownName(started)} is to start a program as ${found.name}, which is not in the image's ${file}`;
  return problem(cause, says, { missing: [found.name], subject: file });
}

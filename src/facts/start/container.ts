import type { Platform, ProcessConfig } from '../../formats/oci/index.ts';
import { type ImagePath, imagePath } from '../../kit/index.ts';
import { type Credentials, type FileTree, resolve } from '../../rootfs/index.ts';
import { findUser, type UserAnswer } from '../users/index.ts';
import { isOfProcesses } from './mounts.ts';
import { defaultPath, variableOf } from './setting.ts';
import { isProblem, type Problem, problem } from './verdict.ts';

/** What the engine settles before it looks for the command. */
export interface Container {
  readonly argv: readonly string[];
  readonly as: Credentials;
  readonly cwd: string;
  readonly env: readonly string[];
}

const mountedFiles = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];

/**
 * Settles command, user, directory and environment with docker's rules, or says why the engine refuses.
 * @param tree as the container sees it.
 */
export async function prepareContainer(
  tree: FileTree,
  config: ProcessConfig,
  platform: Platform,
): Promise<Container | Problem> {
  const argv = commandOf(config);
  if (argv.length === 0) return problem('no-command', 'the image names neither an entrypoint nor a command');
  if (platform.os !== 'linux') return problem('os-mismatch', `the image is for ${platform.os}`);
  const cwd = config.workingDir === undefined || config.workingDir === '' ? '/' : config.workingDir;
  const wrongDirectory = await directoryProblem(tree, cwd);
  if (wrongDirectory !== undefined) return wrongDirectory;
  const user = await userOf(tree, config.user ?? '');
  if (isProblem(user)) return user;
  const as = { uid: user.uid, gids: [user.gid, ...user.groups] };
  const env = environmentOf(config, user.home);
  return (await mountProblem(tree, config)) ?? { argv, as, cwd: imagePath(cwd), env };
}

/** Entrypoint and Cmd; an entrypoint of one empty word counts as none. */
export function commandOf({ entrypoint = [], cmd = [] }: ProcessConfig): string[] {
  const isNone = entrypoint.length === 1 && entrypoint[0] === '';
  return [...(isNone ? [] : entrypoint), ...cmd];
}

/** A name without a value takes the variable away, and runc gives HOME of the account where there is none. */
function environmentOf({ env }: ProcessConfig, home: string): readonly string[] {
  const removed = new Set(env.filter((entry) => !entry.includes('=')));
  const path = removed.has('PATH') || variableOf(env, 'PATH') !== undefined ? [] : [`PATH=${defaultPath}`];
  const given = env.filter((entry) => entry.includes('='));
  const homes = variableOf(env, 'HOME') === undefined ? [`HOME=${home}`] : [];
  return [...path, ...given, ...homes];
}

async function directoryProblem(tree: FileTree, cwd: string): Promise<Problem | undefined> {
  if (!cwd.startsWith('/'))
    return problem('workdir-invalid', `the working directory ${cwd} is not absolute`, { subject: cwd });
  // Docker tidies the text before it follows any link.
  const path = imagePath(cwd);
  const found = await resolve(tree, path);
  const isFile = found.found ? found.node.kind !== 'directory' : found.problem !== 'missing';
  const at = found.found ? found.path : found.at;
  if (!isFile && (found.found || !cannotBeMade(at))) return undefined;
  return problem('workdir-not-directory', `the working directory ${cwd} leads to ${at}, which is no directory`, {
    subject: at,
  });
}

/** Nobody makes a directory in what the kernel shows of its processes and devices. */
const cannotBeMade = (path: ImagePath): boolean => /^\/(proc|sys)\//.test(path) && !isOfProcesses(path);

type User = Extract<UserAnswer, { found: true }>;

async function userOf(tree: FileTree, user: string): Promise<User | Problem> {
  const found = await findUser(tree, user);
  if (found.found) return found;
  if (found.isOutOfRange) {
    return problem('user-invalid', `the user or group number ${found.name} is out of range`, { subject: user });
  }
  const file = found.what === 'user' ? '/etc/passwd' : '/etc/group';
  const says = `the ${found.what} ${found.name} is not in the image's ${file}`;
  return problem(found.what === 'user' ? 'user-not-found' : 'group-not-found', says, {
    missing: [found.name],
    subject: file,
  });
}

async function mountProblem(tree: FileTree, { volumes }: ProcessConfig): Promise<Problem | undefined> {
  for (const path of mountedFiles) {
    const node = await tree.lookup(imagePath(path));
    if (node?.kind === 'directory') return conflict(path, `${path}, where the engine mounts a file, is a directory`);
  }
  for (const volume of volumes) {
    const found = await resolve(tree, imagePath(volume));
    if (found.found && found.node.kind !== 'directory') {
      return conflict(found.path, `${volume}, where the engine mounts a volume, is a ${found.node.kind}`);
    }
  }
  return undefined;
}

const conflict = (subject: string, says: string): Problem => problem('mountpoint-conflict', says, { subject });

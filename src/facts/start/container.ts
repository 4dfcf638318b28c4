import type { Platform, ProcessConfig } from '../../formats/oci/index.ts';
import { type Credentials, type FileTree, resolve } from '../../rootfs/index.ts';
import { findUser } from '../users/index.ts';
import { isProblem, type Problem, problem } from './verdict.ts';

/** What the engine settles before it looks for the command. */
export interface Container {
  readonly argv: readonly string[];
  readonly as: Credentials;
  readonly cwd: string;
}

const highestId = 2 ** 31 - 1;
const mountedFiles = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];

/** Settles command, user and directory with docker's rules, or says why the engine refuses. */
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
  const as = await credentialsOf(tree, config.user ?? '');
  if (isProblem(as)) return as;
  return (await mountProblem(tree)) ?? { argv, as, cwd };
}

/** Entrypoint and Cmd; an entrypoint of one empty word counts as none. */
export function commandOf({ entrypoint = [], cmd = [] }: ProcessConfig): string[] {
  const isNone = entrypoint.length === 1 && entrypoint[0] === '';
  return [...(isNone ? [] : entrypoint), ...cmd];
}

async function directoryProblem(tree: FileTree, cwd: string): Promise<Problem | undefined> {
  if (!cwd.startsWith('/'))
    return problem('workdir-invalid', `the working directory ${cwd} is not absolute`, { subject: cwd });
  const found = await resolve(tree, cwd);
  const isFile = found.found ? found.node.kind !== 'directory' : found.problem !== 'missing';
  if (!isFile) return undefined;
  const at = found.found ? found.path : found.at;
  return problem('workdir-not-directory', `the working directory ${cwd} leads to ${at}, which is no directory`, {
    subject: at,
  });
}

async function credentialsOf(tree: FileTree, user: string): Promise<Credentials | Problem> {
  const outOfRange = user
    .split(':', 2)
    .find((part) => /^[+-]?\d+$/.test(part) && !(Number(part) >= 0 && Number(part) <= highestId));
  if (outOfRange !== undefined)
    return problem('user-invalid', `the user or group number ${outOfRange} is out of range`, { subject: user });
  const found = await findUser(tree, user);
  if (found.found) return { uid: found.uid, gids: [found.gid, ...found.groups] };
  const file = found.what === 'user' ? '/etc/passwd' : '/etc/group';
  const says = `the ${found.what} ${found.name} is not in the image's ${file}`;
  return problem(found.what === 'user' ? 'user-not-found' : 'group-not-found', says, {
    missing: [found.name],
    subject: file,
  });
}

async function mountProblem(tree: FileTree): Promise<Problem | undefined> {
  for (const path of mountedFiles) {
    const found = await resolve(tree, path);
    if (found.found && found.node.kind === 'directory') {
      return problem('mountpoint-conflict', `${path}, where the engine mounts a file, is a directory`, {
        subject: path,
      });
    }
  }
  return undefined;
}

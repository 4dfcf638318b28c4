import type { ImagePath } from '../../kit/index.ts';
import { type FileNode, mayExecute, type Resolution, resolve } from '../../rootfs/index.ts';
import { type Setting, searchPathOf } from './setting.ts';
import { type Problem, problem } from './verdict.ts';

export interface Command {
  /** The real path. */
  readonly path: ImagePath;
  readonly node: FileNode;
  /** What the process sees as its own name, and a script's interpreter as the script's. */
  readonly name: string;
}

type Missing = Extract<Resolution, { found: false }>;

const anyExecute = 0o111;

/** Looks for argv[0] as runc does (Go's exec.LookPath, then stat): what it finds is handed to the kernel. */
export async function findCommand(setting: Setting, argv: readonly string[]): Promise<Command | Problem> {
  const name = argv[0] ?? '';
  const found = name.includes('/') ? await atPath(setting, name) : await inPath(setting, name);
  if (!('cause' in found) || !isShellForm(argv)) return found;
  const isAbsent = found.cause === 'entrypoint-missing' || found.cause === 'entrypoint-not-in-path';
  return isAbsent ? { ...found, cause: 'shell-missing' } : found;
}

const isShellForm = ([name = '', option]: readonly string[]): boolean =>
  /(^|\/)(sh|bash|ash|dash|ksh|zsh)$/.test(name) && /^-[a-z]*c$/.test(option ?? '');

async function atPath(setting: Setting, name: string): Promise<Command | Problem> {
  const found = await resolve(setting.tree, name, { cwd: setting.cwd, as: setting.as });
  if (!found.found) return missingCommand(setting, name, found);
  return judgeFile(setting, { name, path: found.path, node: found.node });
}

async function missingCommand(setting: Setting, name: string, { problem: why, at }: Missing): Promise<Problem> {
  if (why === 'loop')
    return problem('entrypoint-symlink-loop', `${name} leads through more than 40 links`, { subject: name });
  if (why === 'denied') return denied(setting, at);
  const link = await resolve(setting.tree, name, { cwd: setting.cwd, followLast: false });
  if (why === 'missing' && link.found && link.node.kind === 'symlink') {
    const says = `${link.path} is a link to ${link.node.linkTarget}, which is not in the image`;
    return problem('entrypoint-dangling-symlink', says, { missing: [link.node.linkTarget], subject: link.path });
  }
  const reason = why === 'missing' ? 'is not in the image' : `runs through ${at}, which is no directory`;
  return problem('entrypoint-missing', `${name} ${reason}`, { missing: [name], subject: name });
}

const denied = ({ as }: Setting, at: ImagePath): Problem =>
  problem('entrypoint-permission', `the user ${as.uid} may not search the directory ${at}`, {
    missing: [at],
    subject: at,
  });

function judgeFile({ as }: Setting, command: Command): Command | Problem {
  const { path, node } = command;
  if (node.kind !== 'file') return problem('entrypoint-not-regular', `${path} is a ${node.kind}`, { subject: path });
  if ((node.mode & anyExecute) === 0) {
    return problem('entrypoint-not-executable', `${path} is executable for nobody`, { missing: [path], subject: path });
  }
  if (mayExecute(node, as)) return command;
  return problem('entrypoint-permission', `the user ${as.uid} may not execute ${path}`, {
    missing: [path],
    subject: path,
  });
}

/** The first file that somebody may execute; those that nobody may, directories and dangling links are passed over. */
async function inPath(setting: Setting, name: string): Promise<Command | Problem> {
  const searchPath = searchPathOf(setting.env, '');
  let passedOver: Problem | undefined;
  for (const directory of searchPath === '' || name === '' ? [] : searchPath.split(':')) {
    const path = `${directory === '' ? '.' : directory}/${name}`;
    const found = await resolve(setting.tree, path, { cwd: setting.cwd, as: setting.as });
    if (!found.found || found.node.kind === 'directory') continue;
    if ((found.node.mode & anyExecute) === 0) {
      const verdict = judgeFile(setting, { name: path, path: found.path, node: found.node });
      if ('cause' in verdict && verdict.cause === 'entrypoint-not-executable') passedOver ??= verdict;
      continue;
    }
    // Go refuses what it finds through a relative element of PATH.
    if (!path.startsWith('/')) break;
    return judgeFile(setting, { name: path, path: found.path, node: found.node });
  }
  const says = `no directory of PATH (${searchPath}) has an executable file ${name}`;
  return passedOver ?? problem('entrypoint-not-in-path', says, { missing: [name] });
}

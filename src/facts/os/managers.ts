import { type FileTree, resolve } from '../../rootfs/index.ts';
import { findMultiCall } from './multi-call.ts';
import type { Trials, Tried } from './runnable.ts';

interface Manager {
  readonly name: string;
  /** Its command, where that has another name. */
  readonly commands?: readonly string[];
}

/** Those that fetch packages before those that only install files. */
const managers: readonly Manager[] = [
  { name: 'apt', commands: ['apt', 'apt-get'] },
  { name: 'apk' },
  { name: 'dnf', commands: ['dnf', 'dnf5', 'dnf-3'] },
  { name: 'microdnf' },
  { name: 'yum' },
  { name: 'zypper' },
  { name: 'tdnf' },
  { name: 'pacman' },
  { name: 'xbps', commands: ['xbps-install'] },
  { name: 'emerge' },
  { name: 'opkg' },
  { name: 'nix', commands: ['nix', 'nix-env'] },
  { name: 'dpkg' },
  { name: 'rpm' },
];
const folders = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin'];
const nixFolders = ['/nix/var/nix/profiles/default/bin', '/root/.nix-profile/bin'];

export interface TriedManager extends Tried {
  readonly manager: string;
}

/**
 * The package managers of a tree, in the order of preference, up to the first that would run. Those of busybox do not
 * count: they install no package by its name.
 */
export async function findManagers(tree: FileTree, trials: Trials): Promise<TriedManager[]> {
  const found: TriedManager[] = [];
  for (const { name: manager, commands = [manager] } of managers) {
    const places = [...folders, ...(manager === 'nix' ? nixFolders : [])];
    const paths = commands.flatMap((command) => places.map((folder) => `${folder}/${command}`));
    const tried = await firstOf(trials, await withoutApplets(tree, paths));
    if (tried !== undefined) found.push({ ...tried, manager });
    if (tried?.runs) break;
  }
  return found;
}

async function withoutApplets(tree: FileTree, paths: readonly string[]): Promise<string[]> {
  const own: string[] = [];
  for (const path of paths) {
    const found = await resolve(tree, path);
    if (found.found && (await findMultiCall(tree, found)) === undefined) own.push(path);
  }
  return own;
}

/** The first that would run, else the first that is there. */
async function firstOf(trials: Trials, paths: readonly string[]): Promise<Tried | undefined> {
  let first: Tried | undefined;
  for (const path of paths) {
    const tried = await trials.try(path, ['--version']);
    if (tried?.runs) return tried;
    first ??= tried;
  }
  return first;
}

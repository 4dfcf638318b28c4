import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Case, CaseConfig } from './case.ts';
import { placeInside, statOf } from './root.ts';

/** What docker's engine gives the runtime. */
export interface Start {
  readonly argv: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** The engine will not start it. */
export class Refusal extends Error {}

const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const mostId = 2 ** 31 - 1;

/**
 * Docker's rules for a config over a root file system, written from docker's behaviour and not from osless'.
 * Makes the working directory and the mount points, as the engine does.
 * @throws {Refusal} with docker's message.
 */
export function prepare(root: string, { config, os = 'linux' }: Case): Start {
  const entrypoint = config.Entrypoint ?? [];
  const argv = [...(entrypoint.length === 1 && entrypoint[0] === '' ? [] : entrypoint), ...(config.Cmd ?? [])];
  if (os !== 'linux')
    throw new Refusal('image operating system cannot be used on this platform: operating system is not supported');
  if (argv.length === 0) throw new Refusal('no command specified');
  makeMountPoints(root);
  const cwd = workingDirectory(root, config);
  return { argv, env: environment(config), cwd, ...userOf(root, config.User ?? '') };
}

/** An entry without `=` takes a default away and is no variable. */
function environment({ Env = [] }: CaseConfig): string[] {
  const names = new Set(Env.map((entry) => entry.split('=', 1)[0]));
  const defaults = [defaultPath, 'HOSTNAME=corpus'].filter((entry) => !names.has(entry.split('=', 1)[0]));
  return [...defaults, ...Env.filter((entry) => entry.includes('='))];
}

/** Links and files that stand where a mount point has to be are taken away; directories stay. */
function makeMountPoints(root: string): void {
  const files = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/.dockerenv'];
  const folders = ['/dev/pts', '/dev/shm', '/proc', '/sys'];
  for (const path of [...files, ...folders, '/etc/mtab']) {
    const parts = path.split('/').slice(1);
    for (const [index] of parts.entries()) {
      const place = join(root, ...parts.slice(0, index + 1));
      const stats = lstatSync(place, { throwIfNoEntry: false });
      if (stats !== undefined && !stats.isDirectory()) rmSync(place);
    }
    const place = join(root, path);
    if (existsSync(place)) continue;
    mkdirSync(dirname(place), { recursive: true });
    if (folders.includes(path)) mkdirSync(place, { recursive: true });
    else if (path === '/etc/mtab') symlinkSync('/proc/mounts', place);
    else writeFileSync(place, '');
  }
}

function workingDirectory(root: string, { WorkingDir = '' }: CaseConfig): string {
  if (WorkingDir === '') return '/';
  if (!WorkingDir.startsWith('/')) {
    throw new Refusal(`the working directory '${WorkingDir}' is invalid, it needs to be an absolute path`);
  }
  const place = placeInside(root, WorkingDir);
  const stats = statOf(place);
  if (stats?.isSymbolicLink()) throw new Refusal('too many links');
  if (stats !== undefined && !stats.isDirectory()) throw new Refusal(`Cannot mkdir: ${WorkingDir} is not a directory`);
  try {
    mkdirSync(place, { recursive: true });
  } catch {
    throw new Refusal(`Cannot mkdir: ${WorkingDir} is not a directory`);
  }
  return WorkingDir;
}

const isInteger = (text: string): boolean => /^[+-]?\d+$/.test(text);

function rows(root: string, file: string): string[][] {
  const place = placeInside(root, file);
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (!stats?.isFile()) return [];
  return readFileSync(place, 'latin1')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}

/** libcontainer's GetExecUser: a number means the id, also where it is somebody's name. */
function userOf(root: string, text: string): Pick<Start, 'uid' | 'gid' | 'groups'> {
  const [userPart = '', groupPart = ''] = text.split(':');
  const asNumber = isInteger(userPart);
  const entry = rows(root, '/etc/passwd').find(([name, , id]) => {
    if (userPart === '') return Number(id) === 0;
    return asNumber ? Number(id) === Number(userPart) : name === userPart;
  });
  let uid = Number(entry?.[2] ?? 0);
  let gid = Number(entry?.[3] ?? 0);
  if (entry === undefined && userPart !== '') {
    if (!asNumber) throw new Refusal(`unable to find user ${userPart}: no matching entries in passwd file`);
    uid = inRange(userPart);
  }
  const groups = rows(root, '/etc/group');
  if (groupPart === '') {
    const own = entry?.[0];
    const more = own === undefined ? [] : groups.filter((row) => (row[3] ?? '').split(',').includes(own));
    return { uid, gid, groups: more.map((row) => Number(row[2])) };
  }
  const numeric = isInteger(groupPart);
  const group = groups.find(([name, , id]) => (numeric ? Number(id) === Number(groupPart) : name === groupPart));
  if (group !== undefined) gid = Number(group[2]);
  else if (numeric) gid = inRange(groupPart);
  else throw new Refusal(`unable to find group ${groupPart}: no matching entries in group file`);
  return { uid, gid, groups: [] };
}

function inRange(text: string): number {
  const id = Number(text);
  if (id < 0 || id > mostId) throw new Refusal('uids and gids must be in range 0-2147483647');
  return id;
}

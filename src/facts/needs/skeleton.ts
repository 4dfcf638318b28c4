import { imagePath } from '../../kit/index.ts';
import { type FileTree, literalTree } from '../../rootfs/index.ts';
import { type Account, findUser, type Group, readAccounts, readGroups } from '../users/index.ts';
import type { Wish } from './rule.ts';
import type { NeededFile } from './types.ts';

/** Ids below are the system's, by the habit of every distribution (login.defs, UID_MIN). */
const firstPerson = 1000;
const nobody = 65534;
const nsswitch = `passwd: files
group: files
shadow: files
hosts: files dns
networks: files
protocols: files
services: files
ethers: files
rpc: files
`;

/** Directories and small files of the tree that every program may count on. */
export const skeletonWishes: readonly Wish[] = [
  ...[
    '/tmp',
    '/var/tmp',
    '/run',
    '/var/run',
    '/var/lock',
    '/run/lock',
    '/var/log',
    '/var/lib',
    '/var/cache',
    '/bin',
    '/sbin',
    '/lib',
    '/lib64',
  ].map((path) => ({
    path,
    level: 'needed' as const,
    detail: 'every program may count on this directory',
  })),
  ...['/etc/services', '/etc/protocols'].map((path) => ({
    path,
    level: 'likely' as const,
    detail: 'names of ports and protocols',
  })),
];

interface Added {
  readonly tree: FileTree;
  readonly files: readonly NeededFile[];
}

/**
 * What is made for the image: accounts of the system without people and passwords, a name service that needs
 * no module, and the directories that the tree lacks.
 */
export async function skeletonOf(tree: FileTree, user: string): Promise<Added> {
  const accounts = await systemAccounts(tree, user);
  const groups = await systemGroups(tree, accounts);
  const home = accounts.find(({ uid }) => uid === 0)?.home ?? '/root';
  const files: Record<string, string | { kind: 'directory'; mode: number }> = {
    '/etc/passwd': accounts.map(formatAccount).join(''),
    '/etc/group': groups.map(formatGroup).join(''),
    '/etc/nsswitch.conf': nsswitch,
    '/tmp': { kind: 'directory', mode: 0o1777 },
    '/var/tmp': { kind: 'directory', mode: 0o1777 },
    '/run': { kind: 'directory', mode: 0o755 },
    [home]: { kind: 'directory', mode: 0o700 },
  };
  if (home === '/') delete files[home];
  const because = { rule: 'skeleton', by: undefined, detail: 'made for the image: every program may count on it' };
  return {
    tree: literalTree(files),
    files: Object.keys(files)
      .sort()
      .map((path) => ({ path: imagePath(path), level: 'needed' as const, because: [because] })),
  };
}

async function systemAccounts(tree: FileTree, user: string): Promise<Account[]> {
  const all = await readAccounts(tree);
  const asked = user === '' ? undefined : await findUser(tree, user);
  const kept = all.filter(
    ({ uid, name }) => uid < firstPerson || uid === nobody || (asked?.found === true && name === asked.name),
  );
  const has = (uid: number) => kept.some((account) => account.uid === uid);
  if (!has(0)) kept.unshift({ name: 'root', uid: 0, gid: 0, comment: 'root', home: '/root', shell: '/bin/sh' });
  if (!has(nobody))
    kept.push({
      name: 'nobody',
      uid: nobody,
      gid: nobody,
      comment: 'nobody',
      home: '/nonexistent',
      shell: '/usr/sbin/nologin',
    });
  return kept;
}

async function systemGroups(tree: FileTree, accounts: readonly Account[]): Promise<Group[]> {
  const names = new Set(accounts.map(({ name }) => name));
  const gids = new Set(accounts.map(({ gid }) => gid));
  const kept = (await readGroups(tree)).filter(({ gid }) => gid < firstPerson || gids.has(gid));
  for (const gid of gids) {
    if (!kept.some((group) => group.gid === gid))
      kept.push({ name: gid === 0 ? 'root' : gid === nobody ? 'nogroup' : `group${gid}`, gid, members: [] });
  }
  return kept.map((group) => ({ ...group, members: group.members.filter((member) => names.has(member)) }));
}

/** `*` lets nobody in by password, and unlike `x` it sends nobody to /etc/shadow. */
const formatAccount = ({ name, uid, gid, comment, home, shell }: Account): string =>
  `${name}:*:${uid}:${gid}:${comment}:${home}:${shell}\n`;

const formatGroup = ({ name, gid, members }: Group): string => `${name}:x:${gid}:${members.join(',')}\n`;

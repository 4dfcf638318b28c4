import type { FileTree } from '../../rootfs/index.ts';
import { readSmall } from '../read.ts';

/** One line of /etc/passwd (passwd(5)). */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly comment: string;
  readonly home: string;
  readonly shell: string;
}

/** One line of /etc/group (group(5)). */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

const limitBytes = 16 * 1024 * 1024;

/** The accounts of a tree; none when it has no readable /etc/passwd. */
export const readAccounts = async (tree: FileTree): Promise<Account[]> =>
  parsePasswd((await readSmall(tree, '/etc/passwd', limitBytes))?.toString('utf8') ?? '');

/** The groups of a tree; none when it has no readable /etc/group. */
export const readGroups = async (tree: FileTree): Promise<Group[]> =>
  parseGroup((await readSmall(tree, '/etc/group', limitBytes))?.toString('utf8') ?? '');

/** Lines without a name or with a number that is none are passed over, as libc does. */
export function parsePasswd(text: string): Account[] {
  const accounts: Account[] = [];
  for (const line of text.split('\n')) {
    const [name = '', , uid = '', gid = '', comment = '', home = '', shell = ''] = line.trim().split(':');
    if (!isName(name) || !isNumber(uid)) continue;
    accounts.push({ name, uid: Number(uid), gid: isNumber(gid) ? Number(gid) : 0, comment, home, shell });
  }
  return accounts;
}

export function parseGroup(text: string): Group[] {
  const groups: Group[] = [];
  for (const line of text.split('\n')) {
    const [name = '', , gid = '', members = ''] = line.trim().split(':');
    if (!isName(name) || !isNumber(gid)) continue;
    groups.push({ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') });
  }
  return groups;
}

const isName = (text: string): boolean => text !== '' && !text.startsWith('#');
const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text);

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

/**
 * Who reads the lines. libc passes over comments, and over lines whose id is no number; engines (libcontainer's user
 * package) take every line, and 0 for what is no number.
 */
export type Reader = 'libc' | 'engine';

/** The accounts of a tree; none when it has no readable /etc/passwd. */
export const readAccounts = async (tree: FileTree, reader: Reader = 'libc'): Promise<Account[]> =>
  parsePasswd((await readSmall(tree, '/etc/passwd', limitBytes))?.toString('utf8') ?? '', reader);

/** The groups of a tree; none when it has no readable /etc/group. */
export const readGroups = async (tree: FileTree, reader: Reader = 'libc'): Promise<Group[]> =>
  parseGroup((await readSmall(tree, '/etc/group', limitBytes))?.toString('utf8') ?? '', reader);

export function parsePasswd(text: string, reader: Reader = 'libc'): Account[] {
  const accounts: Account[] = [];
  for (const line of linesOf(text)) {
    const [name = '', , uid = '', gid = '', comment = '', home = '', shell = ''] = line.split(':');
    if (reader === 'libc' && (!isName(name) || !isNumber(uid))) continue;
    accounts.push({ name, uid: idOf(uid), gid: idOf(gid), comment, home, shell });
  }
  return accounts;
}

export function parseGroup(text: string, reader: Reader = 'libc'): Group[] {
  const groups: Group[] = [];
  for (const line of linesOf(text)) {
    const [name = '', , gid = '', members = ''] = line.split(':');
    if (reader === 'libc' && (!isName(name) || !isNumber(gid))) continue;
    groups.push({ name, gid: idOf(gid), members: members.split(',').filter((member) => member !== '') });
  }
  return groups;
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const isName = (text: string): boolean => text !== '' && !text.startsWith('#');
const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text);
const idOf = (text: string): number => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : 0);

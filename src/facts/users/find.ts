import type { FileTree } from '../../rootfs/index.ts';
import { type Account, type Group, readAccounts, readGroups } from './accounts.ts';

export type UserAnswer =
  | {
      readonly found: true;
      readonly uid: number;
      readonly gid: number;
      /** Supplementary groups. */
      readonly groups: readonly number[];
      /** `/` where the tree names none. */
      readonly home: string;
      /** undefined for a number that /etc/passwd does not have. */
      readonly name: string | undefined;
    }
  | { readonly found: false; readonly what: 'user' | 'group'; readonly name: string };

const highestId = 2 ** 31 - 1;

/**
 * The process ids that `user[:group]` of an image config comes to, as docker finds them: names and numbers both
 * match /etc/passwd, a number without an entry gets group 0, a user with an entry gets its supplementary groups,
 * an explicit group switches those off. Empty text is uid 0.
 */
export async function findUser(tree: FileTree, text: string): Promise<UserAnswer> {
  const [userText = '', groupText = ''] = text.split(':', 2);
  const account = matchAccount(await readAccounts(tree), userText);
  const uid = account?.uid ?? numberOf(userText === '' ? '0' : userText);
  if (uid === undefined) return { found: false, what: 'user', name: userText };
  const groups = await readGroups(tree);
  const known = { found: true, uid, home: account?.home || '/', name: account?.name } as const;
  if (groupText !== '') {
    const gid = matchGroup(groups, groupText)?.gid ?? numberOf(groupText);
    if (gid === undefined) return { found: false, what: 'group', name: groupText };
    return { ...known, gid, groups: [] };
  }
  const joined = groups.filter(({ members }) => account !== undefined && members.includes(account.name));
  return { ...known, gid: account?.gid ?? 0, groups: joined.map(({ gid }) => gid) };
}

const matchAccount = (accounts: readonly Account[], text: string): Account | undefined =>
  text === ''
    ? accounts.find(({ uid }) => uid === 0)
    : accounts.find(({ name, uid }) => name === text || uid === numberOf(text));

const matchGroup = (groups: readonly Group[], text: string): Group | undefined =>
  groups.find(({ name, gid }) => name === text || gid === numberOf(text));

function numberOf(text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= highestId ? id : undefined;
}

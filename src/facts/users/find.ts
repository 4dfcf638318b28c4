import type { FileTree } from '../../rootfs/index.ts';
import { type Group, readAccounts, readGroups } from './accounts.ts';

export type UserAnswer =
  | {
      readonly found: true;
      readonly uid: number;
      readonly gid: number;
      /** Supplementary groups. */
      readonly groups: readonly number[];
      /** `/` where the tree names none. */
      readonly home: string;
      /** '' where the tree names none. */
      readonly shell: string;
      /** undefined for a number that /etc/passwd does not have. */
      readonly name: string | undefined;
    }
  | {
      readonly found: false;
      readonly what: 'user' | 'group';
      readonly name: string;
      /** It is a number, but no id. */
      readonly isOutOfRange: boolean;
    };

const highestId = 2 ** 31 - 1;

/**
 * The process ids that `user[:group]` of an image config comes to, as docker finds them (libcontainer's user package):
 * a number is an id, with or without an entry in /etc/passwd, and gets group 0 without one; a user with an entry gets
 * its supplementary groups, an explicit group switches those off. Empty text is uid 0.
 */
export async function findUser(tree: FileTree, text: string): Promise<UserAnswer> {
  const [userText = '', groupText = ''] = text.split(':', 2);
  const number = numberOf(userText === '' ? '0' : userText);
  const account = (await readAccounts(tree, 'engine')).find(({ name, uid }) =>
    number === undefined ? name === userText : uid === number,
  );
  const uid = account?.uid ?? number;
  if (uid === undefined) return { found: false, what: 'user', name: userText, isOutOfRange: false };
  if (!isId(uid)) return { found: false, what: 'user', name: userText, isOutOfRange: true };
  const groups = await readGroups(tree, 'engine');
  const known = {
    found: true,
    uid,
    home: account?.home || '/',
    shell: account?.shell ?? '',
    name: account?.name,
  } as const;
  if (groupText !== '') return withGroup(known, groups, groupText);
  const joined = groups.filter(({ members }) => account !== undefined && members.includes(account.name));
  return { ...known, gid: account?.gid ?? 0, groups: joined.map(({ gid }) => gid) };
}

function withGroup(
  known: Pick<Extract<UserAnswer, { found: true }>, 'found' | 'uid' | 'home' | 'shell' | 'name'>,
  groups: readonly Group[],
  text: string,
): UserAnswer {
  const number = numberOf(text);
  const gid =
    groups.find((group) => (number === undefined ? group.name === text : group.gid === number))?.gid ?? number;
  if (gid === undefined) return { found: false, what: 'group', name: text, isOutOfRange: false };
  return isId(gid) ? { ...known, gid, groups: [] } : { found: false, what: 'group', name: text, isOutOfRange: true };
}

const isId = (number: number): boolean => number >= 0 && number <= highestId;

/** As Go's strconv.Atoi reads it: a sign may stand before the digits, nothing else around them. */
function numberOf(text: string): number | undefined {
  if (!/^[+-]?\d{1,40}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= -(2 ** 63) && number < 2 ** 63 ? number : undefined;
}

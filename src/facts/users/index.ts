/**
 * facts/users: who is who in a tree, as engines and libc read /etc/passwd and /etc/group.
 */

export { type Account, type Group, parseGroup, parsePasswd, readAccounts, readGroups } from './accounts.ts';
export { findUser, type UserAnswer } from './find.ts';

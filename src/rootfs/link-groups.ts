import type { Change } from './changes.ts';

/**
 * Marks further names as written, so that in a layer over the earlier tree exactly those names are one file that
 * are one in the later tree. A link to a file of a lower layer is never left to do it: overlay file systems
 * cannot unpack it.
 */
export function keepLinks(changes: readonly Change[]): void {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    if (change.node.identity === undefined && change.identityBefore === undefined) continue;
    const key = groupOf(change);
    const group = groups.get(key);
    if (group) group.push(change);
    else groups.set(key, [change]);
  }
  for (const group of groups.values()) if (!staysLinked(group)) writeAll(group);
  separate(groups);
}

/** Names of one file have one key; a path, with its slash first, is like no identity. */
const groupOf = ({ node, path }: Change): string => (node.identity === undefined ? path : `=${node.identity}`);

function staysLinked(group: readonly Change[]): boolean {
  const [first] = group;
  if (first === undefined || group.length === 1) return true;
  return group.every(
    ({ isWritten, identityBefore }) =>
      isWritten === first.isWritten &&
      (isWritten || (identityBefore !== undefined && identityBefore === first.identityBefore)),
  );
}

/** Of the names that were one file and are several now, only one file's may stay unwritten. */
function separate(groups: ReadonlyMap<string, readonly Change[]>): void {
  const heirs = new Map<string, string>();
  for (const [key, group] of groups) {
    for (const { isWritten, identityBefore } of group) {
      if (isWritten || identityBefore === undefined) continue;
      const heir = heirs.get(identityBefore) ?? key;
      heirs.set(identityBefore, heir);
      if (heir !== key) writeAll(group);
    }
  }
}

function writeAll(group: readonly Change[]): void {
  for (const change of group) change.isWritten = true;
}

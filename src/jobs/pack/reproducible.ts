import { type FileTree, withNodes } from '../../rootfs/index.ts';

/** Ids of people begin here on every distribution (login.defs, UID_MIN). */
const firstPerson = 1000;

/**
 * `tree` as an image should show it: every time is `timeSeconds`, and what belongs to a person or to an id that
 * only exists on this machine belongs to root. So the image does not depend on who made it and when.
 */
export const reproducible = (tree: FileTree, timeSeconds: number, isHost: boolean): FileTree =>
  withNodes(tree, (_path, node) => ({
    ...node,
    mtimeSeconds: timeSeconds,
    mtimeNanoseconds: 0,
    uid: isHost && node.uid >= firstPerson ? 0 : node.uid,
    gid: isHost && node.gid >= firstPerson ? 0 : node.gid,
  }));

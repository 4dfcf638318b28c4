import { baseName, type ImagePath } from '../../kit/index.ts';
import { type FileTree, type Resolution, resolve } from '../../rootfs/index.ts';

type Found = Extract<Resolution, { found: true }>;

const places = [
  '/sbin/init',
  '/usr/sbin/init',
  '/bin/init',
  '/lib/systemd/systemd',
  '/usr/lib/systemd/systemd',
  '/init',
];

/** Files that stand only beside one kind of init. */
const companions: readonly (readonly [string, string])[] = [
  ['openrc', '/sbin/openrc'],
  ['openrc', '/usr/bin/openrc'],
  ['s6', '/command/s6-svscan'],
  ['s6', '/package/admin/s6-overlay'],
  ['s6', '/bin/s6-svscan'],
  ['s6', '/usr/bin/s6-svscan'],
  ['runit', '/sbin/runit-init'],
  ['runit', '/usr/bin/runit-init'],
];

export interface Init {
  readonly path: ImagePath;
  /** `systemd`, `openrc`, `busybox`, `s6`, `runit`, `dinit`, `procd`, `sysvinit`. */
  readonly kind: string;
}

/** The init of a tree: the first of its usual places where there is a file. */
export async function findInit(tree: FileTree): Promise<Init | undefined> {
  for (const path of places) {
    const found = await resolve(tree, path);
    if (!found.found || found.node.kind !== 'file' || (found.node.mode & 0o111) === 0) continue;
    const kind = await kindOf(tree, found);
    if (kind !== undefined) return { path: path as ImagePath, kind };
  }
  return undefined;
}

/** undefined for a file named /init that could be anything. */
async function kindOf(tree: FileTree, { path }: Found): Promise<string | undefined> {
  const name = baseName(path);
  const telling = /^(systemd|openrc|s6|runit|dinit|procd|upstart|tini|dumb-init)/.exec(name)?.[1];
  if (telling !== undefined) return telling;
  const isMany = /^(busybox|toybox)/.exec(name)?.[1];
  for (const [kind, companion] of companions) {
    const found = await resolve(tree, companion);
    if (found.found) return kind;
  }
  if (isMany !== undefined) return isMany;
  if (path === '/init') return undefined;
  return (await resolve(tree, '/sbin/procd')).found ? 'procd' : 'sysvinit';
}

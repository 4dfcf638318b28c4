import { baseName, imagePath, parentPath } from '../../kit/index.ts';
import { type FileTree, resolve } from '../../rootfs/index.ts';
import { readSmall } from '../read.ts';
import type { Trials, Tried } from './runnable.ts';

const names = ['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'mksh', 'fish'];
const usual = [
  ...['/bin/sh', '/bin/bash', '/bin/ash', '/bin/dash', '/usr/bin/sh', '/usr/bin/bash', '/usr/bin/ash', '/usr/bin/dash'],
  ...['/bin/busybox', '/usr/bin/busybox', '/busybox/sh', '/usr/local/bin/bash', '/system/bin/sh'],
  ...names.slice(4).flatMap((name) => [`/bin/${name}`, `/usr/bin/${name}`]),
];
const limitBytes = 64 * 1024;
const mostListed = 64;

/**
 * The shells of a tree at their usual places and in /etc/shells, in the order of preference. What lies in a directory
 * with two names (/bin -> usr/bin) comes once.
 */
export async function findShells(tree: FileTree, trials: Trials): Promise<Tried[]> {
  const found = new Map<string, Tried>();
  for (const name of [...usual, ...(await listed(tree))]) {
    const folder = await resolve(tree, parentPath(imagePath(name)));
    const entry = folder.found ? `${folder.path}/${baseName(imagePath(name))}` : name;
    if (found.has(entry)) continue;
    const tried = await trials.try(name, name.endsWith('/busybox') ? ['sh', '-c', ':'] : ['-c', ':']);
    if (tried !== undefined) found.set(entry, tried);
  }
  return [...found.values()];
}

async function listed(tree: FileTree): Promise<string[]> {
  const text = (await readSmall(tree, '/etc/shells', limitBytes))?.toString('utf8') ?? '';
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => /^\/[\w./+-]+$/.test(line) && !/(nologin|false|true|screen|tmux)$/.test(line))
    .slice(0, mostListed);
}

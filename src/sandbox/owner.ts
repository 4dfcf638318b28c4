import { readlinkSync } from 'node:fs';
import { readText } from './host.ts';

/**
 * Names of temporary directories say which process made them, from the first moment on:
 * `LABEL.PID.START.NAMESPACE`, with the start in ticks since boot, as numbers of processes come again.
 */
export const ownedName = (label: string): string => `${label}.${process.pid}.${startOf(process.pid)}.${pidNamespace()}`;

/**
 * The label of a name whose process has ended; undefined for any other name.
 * What processes of other pid namespaces made is left alone: they may live without being seen from here.
 */
export function findOrphan(name: string): string | undefined {
  const [, label, pid = '', start = '', namespace = ''] = /^([0-9a-z-]+)\.(\d+)\.(\d+)\.(\d+)$/.exec(name) ?? [];
  return namespace === pidNamespace() && startOf(Number(pid)) !== start ? label : undefined;
}

/** When a process began, in ticks since boot; '' when there is none of that number. */
export const startOf = (pid: number): string => startIn(readText(`/proc/${pid}/stat`));

/** Field 22 of a line of /proc/PID/stat (proc(5)). The second is the program's name, which may hold blanks itself. */
export const startIn = (stat: string): string => stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';

function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}

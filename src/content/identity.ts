import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { digestOf, errnoOf, hexOf } from '../kit/index.ts';

/**
 * What marks files as those of this process: `host.boot.pidNamespace.pid.startTime.nonce`.
 * The start time tells a process from a later one with its number.
 */
const identity = () => [...hereIdentity(), process.pid, startTimeOf(process.pid) ?? 0, nonce()].join('.');

let own: string | undefined;
let here: readonly [string, string, string] | undefined;
let counter = 0;

/** A mark that nobody else has or will have, by which its process is still known. */
export function uniqueMark(): string {
  own ??= identity();
  return `${own}-${++counter}`;
}

/**
 * Whether the process that made `mark` has ended. undefined when that cannot be seen from here:
 * it belongs to another machine or another pid namespace.
 */
export function hasEnded(mark: string): boolean | undefined {
  const [host, boot, namespace, pidText, startTime] = mark.split('.');
  const pid = Number(pidText);
  if (!Number.isSafeInteger(pid) || pid <= 0 || startTime === undefined) return undefined;
  const here = hereIdentity();
  if (host !== here[0]) return undefined;
  if (boot !== here[1]) return true;
  if (namespace !== here[2]) return undefined;
  if (!exists(pid)) return true;
  const now = startTimeOf(pid);
  return now !== undefined && String(now) !== startTime;
}

function hereIdentity(): readonly [string, string, string] {
  here ??= [
    hexOf(digestOf(hostname())).slice(0, 8),
    (tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')) ?? '').slice(0, 8) || '0',
    /\d+/.exec(tryRead(() => readlinkSync('/proc/self/ns/pid')) ?? '')?.[0] ?? '0',
  ];
  return here;
}

const nonce = () => randomBytes(6).toString('hex');

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}

/** Ticks from boot to the start of a process (proc(5), stat, field 22); -1 for a zombie; undefined when hidden. */
function startTimeOf(pid: number): number | undefined {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === undefined) return undefined;
  // The second field is the program's name in parentheses, and may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? -1 : Number(fields[19]);
}

function tryRead(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

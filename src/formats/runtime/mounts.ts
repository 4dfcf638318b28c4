import type { SpecMount } from './types.ts';

/** A directory or file of the host that shows in the container. */
export interface BindMount {
  /** Absolute, on the host. */
  readonly source: string;
  /** Absolute, in the container. */
  readonly target: string;
  readonly readOnly: boolean;
  /** `rslave` lets mounts that the host makes below show up later; docker's binds of single files have `rprivate`. */
  readonly propagation: 'rprivate' | 'rslave' | 'rshared' | 'private' | 'slave' | 'shared';
}

/** An empty file system in memory. */
export interface TmpfsMount {
  readonly target: string;
  /** mount(8) options: `size=64m`, `mode=1777`, `exec`. */
  readonly options: readonly string[];
}

const mount = (destination: string, type: string, options: string, source = type): SpecMount => ({
  destination,
  type,
  source,
  options: options.split(','),
});

export interface SystemMounts {
  /** `sysfs` can be mounted only by who owns the network namespace; else the host's is shown read-only. */
  readonly sysfs: 'own' | 'bind';
  /** Whether /sys/fs/cgroup is shown. */
  readonly cgroup: boolean;
  /** Whether terminals belong to the group tty (5). */
  readonly terminalGroup: boolean;
}

/** What docker mounts in every container, in its order. */
export const systemMounts = ({ sysfs, cgroup, terminalGroup }: SystemMounts): readonly SpecMount[] => [
  mount('/proc', 'proc', 'nosuid,noexec,nodev'),
  mount('/dev', 'tmpfs', 'nosuid,strictatime,mode=755,size=65536k'),
  mount('/dev/pts', 'devpts', `nosuid,noexec,newinstance,ptmxmode=0666,mode=0620${terminalGroup ? ',gid=5' : ''}`),
  sysfs === 'own'
    ? mount('/sys', 'sysfs', 'nosuid,noexec,nodev,ro')
    : mount('/sys', 'none', 'rbind,nosuid,noexec,nodev,ro', '/sys'),
  ...(cgroup ? [mount('/sys/fs/cgroup', 'cgroup', 'ro,nosuid,noexec,nodev')] : []),
  mount('/dev/mqueue', 'mqueue', 'nosuid,noexec,nodev'),
  mount('/dev/shm', 'tmpfs', 'nosuid,noexec,nodev,mode=1777,size=67108864', 'shm'),
];

export const bindMount = ({ source, target, readOnly, propagation }: BindMount): SpecMount => ({
  destination: target,
  type: 'bind',
  source,
  options: ['rbind', readOnly ? 'ro' : 'rw', propagation],
});

export const tmpfsMount = ({ target, options }: TmpfsMount): SpecMount => ({
  destination: target,
  type: 'tmpfs',
  source: 'tmpfs',
  options: ['noexec', 'nosuid', 'nodev', 'rprivate', ...options],
});

/** Parents before what lies in them, otherwise as given: a mount would hide what was mounted below it. */
export function byDepth(mounts: readonly SpecMount[]): readonly SpecMount[] {
  const depth = ({ destination }: SpecMount) => destination.split('/').filter((part) => part !== '').length;
  return mounts
    .map((each) => [depth(each), each] as const)
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each);
}

/** Shown as empty: they tell of the host or let it be changed. */
export const maskedPaths: readonly string[] = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
  '/sys/devices/virtual/powercap',
];

export const readonlyPaths: readonly string[] = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys',
  '/proc/sysrq-trigger',
];

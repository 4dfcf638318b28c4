import type { BindMount, TmpfsMount } from './mounts.ts';
import { bindMount, byDepth, maskedPaths, readonlyPaths, systemMounts, tmpfsMount } from './mounts.ts';
import { seccompProfile } from './seccomp.ts';
import type { DeviceRule, Rlimit, RuntimeSpec, SpecResources } from './types.ts';

/** A container, with every choice made. */
export interface ContainerSettings {
  /** Of this container alone; names its cgroup. */
  readonly id: string;
  /** Directory that is to be the root, absolute. */
  readonly rootPath: string;
  readonly readOnlyRoot: boolean;
  readonly args: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  /** Absolute; made when it is missing. */
  readonly cwd: string;
  readonly user: ContainerUser;
  readonly terminal: boolean;
  readonly hostname: string;
  readonly network: NetworkMode;
  readonly binds: readonly BindMount[];
  readonly tmpfs: readonly TmpfsMount[];
  /** With `CAP_`. */
  readonly capabilities: readonly string[];
  readonly rlimits: readonly Rlimit[];
  readonly noNewPrivileges: boolean;
  readonly seccomp: 'default' | 'unconfined';
  readonly limits: Limits;
}

export interface ContainerUser {
  readonly uid: number;
  readonly gid: number;
  readonly additionalGids: readonly number[];
}

/** `none`: a network of its own with loopback only; `host`: the host's. */
export type NetworkMode = 'none' | 'host';

export interface Limits {
  readonly memoryBytes?: number;
  /** May be a fraction. */
  readonly cpus?: number;
  readonly pids?: number;
}

/** What the kernel and the account that runs the container allow. */
export interface HostFacts {
  /** As images name it. */
  readonly architecture: string;
  readonly kernel: readonly [major: number, minor: number];
  /** `none`: cgroups cannot be made here. */
  readonly cgroups: 'v1' | 'v2' | 'none';
  /** Whether swap can be limited together with memory. */
  readonly swapLimit: boolean;
  /** Whether this is a user namespace of an ordinary user, in which root may do less. */
  readonly userNamespace: boolean;
  /** Whether that namespace has root alone: no other user or group can be had. */
  readonly singleId: boolean;
}

/** The cgroup of a container: of its own, so that nothing of it is left when that is removed. */
export const cgroupName = (id: string): string => `osless-${id}`;

const cpuPeriodMicroseconds = 100_000;

/** The config.json that docker 20.10 and later would hand to runc for these settings (runtime-spec 1.0.2). */
export function runtimeSpec(settings: ContainerSettings, host: HostFacts): RuntimeSpec {
  return {
    // crun before 1.9 refuses later ones, and nothing here needs them.
    ociVersion: '1.0.2',
    process: processOf(settings, host),
    root: { path: settings.rootPath, readonly: settings.readOnlyRoot },
    hostname: settings.hostname,
    mounts: mountsOf(settings, host),
    linux: linuxOf(settings, host),
  };
}

function processOf(settings: ContainerSettings, { singleId }: HostFacts): RuntimeSpec['process'] {
  const { args, env, cwd, terminal, user, capabilities, rlimits, noNewPrivileges } = settings;
  return {
    terminal,
    // The primary group is named again, so that giving up supplementary groups does not give up its restrictions.
    user: { ...user, additionalGids: singleId ? [] : [...new Set([user.gid, ...user.additionalGids])] },
    args,
    env,
    cwd,
    capabilities: {
      bounding: capabilities,
      effective: user.uid === 0 ? capabilities : [],
      permitted: user.uid === 0 ? capabilities : [],
    },
    rlimits,
    noNewPrivileges,
  };
}

function mountsOf({ network, binds, tmpfs }: ContainerSettings, host: HostFacts): RuntimeSpec['mounts'] {
  const sysfs = host.userNamespace && network === 'host' ? 'bind' : 'own';
  const asked = [...binds.map(bindMount), ...tmpfs.map(tmpfsMount)];
  const replaced = new Set(asked.map(({ destination }) => destination));
  const cgroup = host.cgroups !== 'none' && sysfs === 'own';
  const system = systemMounts({ sysfs, cgroup, terminalGroup: !host.singleId });
  return [...system.filter(({ destination }) => !replaced.has(destination)), ...byDepth(asked)];
}

function linuxOf(settings: ContainerSettings, host: HostFacts): RuntimeSpec['linux'] {
  const { network, capabilities } = settings;
  const seccomp = settings.seccomp === 'default' ? seccompProfile({ ...host, capabilities }) : undefined;
  const namespaces = ['mount', 'uts', 'ipc', 'pid', ...(network === 'none' ? ['network'] : [])];
  return {
    namespaces: [...namespaces, ...(host.cgroups === 'v2' ? ['cgroup'] : [])].map((type) => ({ type })),
    resources: resourcesOf(settings.limits, host),
    ...(host.cgroups === 'none' ? {} : { cgroupsPath: `/${cgroupName(settings.id)}` }),
    ...(network === 'none' ? { sysctl: ownNetworkSysctl(host) } : {}),
    maskedPaths,
    readonlyPaths,
    ...(seccomp === undefined ? {} : { seccomp }),
  };
}

/** Low ports and ping without capabilities, as docker gives them since 20.10 to a network of the container's own. */
const ownNetworkSysctl = ({ userNamespace }: HostFacts): Readonly<Record<string, string>> => ({
  'net.ipv4.ip_unprivileged_port_start': '0',
  ...(userNamespace ? {} : { 'net.ipv4.ping_group_range': '0 2147483647' }),
});

function resourcesOf({ memoryBytes, cpus, pids }: Limits, host: HostFacts): SpecResources {
  if (host.cgroups === 'none') return {};
  return {
    devices: deviceRules,
    ...(memoryBytes === undefined
      ? {}
      : { memory: { limit: memoryBytes, ...(host.swapLimit ? { swap: memoryBytes * 2 } : {}) } }),
    ...(cpus === undefined
      ? {}
      : { cpu: { quota: Math.round(cpus * cpuPeriodMicroseconds), period: cpuPeriodMicroseconds } }),
    ...(pids === undefined ? {} : { pids: { limit: pids } }),
  };
}

const character = (major: number, minor: number): DeviceRule => ({
  allow: true,
  type: 'c',
  major,
  minor,
  access: 'rwm',
});

/** Nothing but zero, null, urandom, random, tty and console; runc adds ptmx and the terminals. */
const deviceRules: readonly DeviceRule[] = [
  { allow: false, access: 'rwm' },
  character(1, 5),
  character(1, 3),
  character(1, 9),
  character(1, 8),
  character(5, 0),
  character(5, 1),
];

import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { arch, release } from 'node:os';
import { join } from 'node:path';
import type { HostFacts } from '../formats/runtime/index.ts';

const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  arm64: 'arm64',
  arm: 'arm',
  ppc64: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
  mips64el: 'mips64le',
};

/** What this kernel and account allow a container. */
export function hostFacts(): HostFacts {
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(release()) ?? [];
  const userNamespace = inUserNamespace();
  const cgroups = userNamespace ? 'none' : cgroupVersion();
  return {
    architecture: architectures[arch()] ?? arch(),
    kernel: [Number(major), Number(minor)],
    cgroups,
    swapLimit: cgroups !== 'none' && hasSwapLimit(cgroups),
    userNamespace,
    singleId: userNamespace && !hasManyIds(),
  };
}

/** Whether root here is an ordinary user outside: not every id stands for itself. */
export function inUserNamespace(): boolean {
  const map = readText('/proc/self/uid_map');
  return map !== '' && !/^\s*0\s+0\s+4294967295\s*$/.test(map);
}

/** Whether files can be given to other users: by root, and in a user namespace if it has more than one id. */
export const mayChown = (): boolean => process.getuid?.() === 0 && hasManyIds();

const hasManyIds = (): boolean => !/^\s*0\s+\d+\s+1\s*$/.test(readText('/proc/self/uid_map'));

const sysAdmin = 21n;

/** Whether this process has CAP_SYS_ADMIN, in whatever user namespace it is. */
export const mayMount = (): boolean => ((capabilitySet('CapEff') >> sysAdmin) & 1n) === 1n;

/** Bits of the capabilities that this process can hand on: bit 0 is CAP_CHOWN. */
export const boundingCapabilities = (): bigint => capabilitySet('CapBnd');

function capabilitySet(name: 'CapEff' | 'CapBnd'): bigint {
  const [, hex = 'ffffffffffffffff'] =
    new RegExp(`^${name}:\\s*([0-9a-f]+)$`, 'm').exec(readText('/proc/self/status')) ?? [];
  return BigInt(`0x${hex}`);
}

/** The hard limits of this process by the kernel's names (`Max open files`); absent is unlimited. */
export function hardLimits(): ReadonlyMap<string, number> {
  const rows = readText('/proc/self/limits').matchAll(/^(Max [a-z ]+?) {2,}\S+ +(\d+) /gm);
  return new Map([...rows].map(([, name = '', hard]) => [name, Number(hard)]));
}

/** An executable of that name in a PATH. */
export function findExecutable(name: string, path: string): string | undefined {
  for (const directory of path.split(':')) {
    const file = join(directory || '.', name);
    if (isExecutable(file)) return file;
  }
  return undefined;
}

export const cgroupRoot = '/sys/fs/cgroup';

/** Whether cgroups v1 has a v2 mount beside it, which crun refuses when that has controllers. */
export const unifiedMount = (): string | undefined =>
  existsSync(`${cgroupRoot}/unified/cgroup.controllers`) ? `${cgroupRoot}/unified` : undefined;

function cgroupVersion(): HostFacts['cgroups'] {
  if (existsSync(`${cgroupRoot}/cgroup.controllers`)) return isWritable(cgroupRoot) ? 'v2' : 'none';
  return isWritable(`${cgroupRoot}/devices`) ? 'v1' : 'none';
}

function hasSwapLimit(version: 'v1' | 'v2'): boolean {
  if (version === 'v1') return existsSync(`${cgroupRoot}/memory/memory.memsw.limit_in_bytes`);
  const [, own = '/'] = /^0::(.*)$/m.exec(readText('/proc/self/cgroup')) ?? [];
  return existsSync(join(cgroupRoot, own, 'memory.swap.max'));
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isExecutable(file: string): boolean {
  try {
    // Asked first, as most directories of a PATH do not have it, and a thrown error takes longer.
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Small files of /proc; '' when there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

import { Fault } from '../../kit/index.ts';

/** capabilities(7), in the order of their numbers. */
export const allCapabilities: readonly string[] = [
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE',
  'NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN',
  'SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE',
  'MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE',
].flatMap((line) => line.split(' ').map((name) => `CAP_${name}`));

/** What a container has when nobody asks for more or less: docker's 14. */
export const defaultCapabilities: readonly string[] = allCapabilities.filter((name) =>
  /^CAP_(CHOWN|DAC_OVERRIDE|FSETID|FOWNER|MKNOD|NET_RAW|SET[GU]ID|SETFCAP|SETPCAP|NET_BIND_SERVICE|SYS_CHROOT|KILL|AUDIT_WRITE)$/.test(
    name,
  ),
);

export interface CapabilityChange {
  /** `NET_ADMIN`, `cap_net_admin` or `ALL`. */
  readonly add: readonly string[];
  readonly drop: readonly string[];
  /** Those that can be given at all, by number: bit 0 is CAP_CHOWN. `ALL` means these. Default: all. */
  readonly bounding?: bigint;
}

/**
 * Capabilities after `--cap-add` and `--cap-drop`, in the order of their numbers, as docker reckons:
 * what is added by name stays, whatever is dropped; of an added ALL, single ones can be dropped.
 * @throws {Fault} OPTION_INVALID for an unknown name.
 */
export function resolveCapabilities({ add, drop, bounding }: CapabilityChange): readonly string[] {
  const added = new Set(add.map(capabilityName));
  const dropped = new Set(drop.map(capabilityName));
  if (added.has('ALL')) {
    return allCapabilities.filter((name, number) => !dropped.has(name) && inBounding(number, bounding));
  }
  return allCapabilities.filter(
    (name) => added.has(name) || (!dropped.has('ALL') && !dropped.has(name) && defaultCapabilities.includes(name)),
  );
}

const inBounding = (number: number, bounding: bigint | undefined): boolean =>
  bounding === undefined || ((bounding >> BigInt(number)) & 1n) === 1n;

function capabilityName(text: string): string {
  const upper = text.toUpperCase();
  if (upper === 'ALL') return upper;
  const name = upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
  if (allCapabilities.includes(name)) return name;
  throw new Fault('OPTION_INVALID', `there is no capability ${JSON.stringify(text.slice(0, 40))}`, {
    hint: 'capabilities(7) lists the names; CAP_ in front may be left out.',
  });
}

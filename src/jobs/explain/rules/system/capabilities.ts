/** Names by number (capability.h of Linux 6). */
const names =
  `chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service
  net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin
  sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override
  mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore`.split(/\s+/);

/** What docker leaves in the bounding set. */
export const dockerDefault: ReadonlySet<number> = new Set(
  `chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw sys_chroot mknod audit_write
  setfcap`
    .split(/\s+/)
    .map((name) => names.indexOf(name)),
);

const effectiveFlag = 1;
/** VFS_CAP_REVISION_1, 2 and 3: how many words of 32 bits stand for permitted and inheritable each. */
const wordsOf: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 2 };

export interface FileCapabilities {
  /** Whether they count as soon as the file is executed. */
  readonly isEffective: boolean;
  /** By number. */
  readonly permitted: readonly number[];
}

/** The value of security.capability (vfs_cap_data, little-endian); undefined for one that the kernel refuses. */
export function capabilitiesOf(value: Uint8Array): FileCapabilities | undefined {
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  const magic = bytes.length >= 4 ? bytes.readUInt32LE(0) : 0;
  const words = wordsOf[magic >>> 24] ?? 0;
  if (words === 0 || bytes.length < 4 + 8 * words) return undefined;
  const permitted: number[] = [];
  for (let word = 0; word < words; word++) {
    const mask = bytes.readUInt32LE(4 + 8 * word);
    for (let bit = 0; bit < 32; bit++) if (((mask >>> bit) & 1) === 1) permitted.push(32 * word + bit);
  }
  return { isEffective: (magic & effectiveFlag) !== 0, permitted };
}

export const nameOf = (number: number): string => names[number] ?? `capability ${number}`;

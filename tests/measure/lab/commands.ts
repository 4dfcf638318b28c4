import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';

export type CommandKind = 'dynamic ELF' | 'static ELF' | 'sh' | 'bash' | 'perl' | 'python' | 'other script';

export interface LabCommand {
  /** Absolute in the tree. */
  readonly path: string;
  readonly kind: CommandKind;
}

/** What must not even be started with --version in a namespace of its own: some take no option seriously. */
const dangerous =
  /^(reboot|shutdown|halt|poweroff|telinit|init|runlevel|kexec|mkfs.*|mke2fs|mkswap|swapon|swapoff|dd|wipefs|sfdisk|fdisk|cfdisk|parted|sgdisk|gdisk|cgdisk|blkdiscard|hdparm|hwclock|fsfreeze|fstrim|losetup|modprobe|insmod|rmmod|depmod|sysctl|fork|forkstat|stress-ng|fio|badblocks|pivot_root|switch_root|ctrlaltdel|rtcwake|zramctl|vgimportclone|killall5?|pkill|policy-rc\.d|invoke-rc\.d)$/;

/** Every command in the directories of PATH, links left out, in a fixed order. */
export function commandsIn(tree: string): LabCommand[] {
  const found: LabCommand[] = [];
  for (const folder of ['/usr/bin', '/usr/sbin', '/usr/games']) {
    for (const name of readdirSync(tree + folder).sort()) {
      const path = `${folder}/${name}`;
      const stats = lstatSync(tree + path);
      if (!stats.isFile() || (stats.mode & 0o111) === 0 || dangerous.test(name)) continue;
      const kind = kindOf(tree + path);
      if (kind !== undefined) found.push({ path, kind });
    }
  }
  return found;
}

function kindOf(file: string): CommandKind | undefined {
  const head = Buffer.alloc(4096);
  const fd = openSync(file, 'r');
  const length = readSync(fd, head, 0, head.length, 0);
  closeSync(fd);
  if (head.readUInt32BE(0) === 0x7f454c46) return hasInterpreter(head) ? 'dynamic ELF' : 'static ELF';
  const line = /^#! *(\S+)(?: +(\S+))?/.exec(head.toString('latin1', 0, length));
  if (line === null) return undefined;
  const program = (/\/env$/.test(line[1] ?? '') ? line[2] : line[1]) ?? '';
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (/^(sh|dash)$/.test(name)) return 'sh';
  if (/^(bash|perl|python)/.test(name))
    return name.startsWith('b') ? 'bash' : name.startsWith('perl') ? 'perl' : 'python';
  return 'other script';
}

/** PT_INTERP among the program headers of a 64-bit little-endian file, which is all that the tree has. */
function hasInterpreter(head: Buffer): boolean {
  const at = Number(head.readBigUInt64LE(32));
  const count = head.readUInt16LE(56);
  for (let index = 0; index < count && at + index * 56 + 4 <= head.length; index++) {
    if (head.readUInt32LE(at + index * 56) === 3) return true;
  }
  return false;
}

/** `count` of them, chosen by a seed. */
export function sampleOf<T>(items: readonly T[], count: number, seed: number): T[] {
  let state = seed >>> 0 || 1;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  const keyed = items.map((item) => ({ item, key: random() }));
  const chosen = new Set(
    keyed
      .toSorted((a, b) => a.key - b.key)
      .slice(0, count)
      .map(({ item }) => item),
  );
  return items.filter((item) => chosen.has(item));
}

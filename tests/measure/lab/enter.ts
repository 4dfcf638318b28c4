import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';

export interface Ran {
  readonly code: number;
  /** Standard output and error. */
  readonly output: string;
  readonly timedOut: boolean;
}

const seconds = 10;
const mostOutput = 4 * 1024 * 1024;
/** What docker gives root by default. */
const capabilities =
  'chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap';

/**
 * As docker mounts: the root below a throw-away upper layer, /proc, /sys, a small /dev, hosts, resolv.conf, hostname;
 * no network, no way to the machine's devices.
 */
const script = `set -e
root=$1; work=$2; trace=$3; shift 3
mount --make-rprivate /
mount -t tmpfs tmpfs "$work"
mkdir "$work/u" "$work/w" "$work/m"
mount -t overlay -o "lowerdir=$root,upperdir=$work/u,workdir=$work/w" overlay "$work/m"
m=$work/m
mkdir -p "$m/proc" "$m/sys" "$m/dev" "$m/etc"
mount -t proc proc "$m/proc"
mount --bind -o ro "$m/proc/sys" "$m/proc/sys"
[ ! -e "$m/proc/sysrq-trigger" ] || mount --bind /dev/null "$m/proc/sysrq-trigger"
mount -t sysfs -o ro sysfs "$m/sys"
mount -t tmpfs -o mode=755 tmpfs "$m/dev"
for n in null zero full random urandom; do : > "$m/dev/$n"; mount --bind "/dev/$n" "$m/dev/$n"; done
mkdir "$m/dev/pts" "$m/dev/shm" "$m/dev/mqueue"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$m/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$m/dev/shm"
ln -s pts/ptmx "$m/dev/ptmx"; ln -s /proc/self/fd "$m/dev/fd"
ln -s /proc/self/fd/0 "$m/dev/stdin"; ln -s /proc/self/fd/1 "$m/dev/stdout"; ln -s /proc/self/fd/2 "$m/dev/stderr"
rm -f "$m/etc/hosts" "$m/etc/resolv.conf" "$m/etc/hostname"
printf '127.0.0.1 localhost\\n' > "$m/etc/hosts"
printf 'nameserver 127.0.0.1\\n' > "$m/etc/resolv.conf"
printf 'lab\\n' > "$m/etc/hostname"
hostname lab
ip link set lo up 2>/dev/null || true
if [ "$trace" != - ]; then set -- strace -f -qq -s 4096 -e trace=%file,execve -e signal=none -o "$trace" "$@"; fi
set -- env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root HOSTNAME=lab "$@"
cd "$m"
exec "$@"
`;

/** Runs `argv` in a root of its own. `trace`: a file that gets strace's lines. */
export async function enter(root: string, argv: readonly string[], trace?: string): Promise<Ran> {
  const work = `/tmp/osless-lab-${randomUUID()}`;
  mkdirSync(work);
  try {
    const inside = ['setpriv', '--bounding-set', `-all,+${capabilities}`, 'chroot', `${work}/m`, ...argv];
    return await ran([
      ...['--mount', '--pid', '--fork', '--kill-child', '--ipc', '--uts', '--net'],
      ...['bash', '-c', script, 'enter', root, work, trace ?? '-', ...inside],
    ]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function ran(args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn('timeout', ['-k', '1', String(seconds), 'unshare', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
    });
    const parts: Buffer[][] = [[], []];
    let size = 0;
    [child.stdout, child.stderr].forEach((stream, index) => {
      stream.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size < mostOutput) parts[index]?.push(chunk);
      });
    });
    child.on('close', (code) => {
      const output = parts.map((chunks) => Buffer.concat(chunks).toString('latin1')).join('\n--\n');
      done({ code: code ?? -1, output, timedOut: code === 124 || code === 137 });
    });
  });
}

/** The paths that a traced run opened or executed, as the program named them. */
export function openedIn(trace: string): Set<string> {
  const opened = new Set<string>();
  if (!existsSync(trace)) return opened;
  let inside = false;
  for (const line of readFileSync(trace, 'latin1').split('\n')) {
    if (/ chroot\(/.test(line)) inside = true;
    if (!inside || / = -1 /.test(line)) continue;
    const path = /(?:open|openat|openat2|execve|execveat|creat)\((?:AT_FDCWD, )?"((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
    if (path !== undefined) opened.add(path.startsWith('/') ? path : `/${path}`);
  }
  return opened;
}

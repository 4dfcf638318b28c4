import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Start } from './engine.ts';

/** What came of a container. */
export interface Ran {
  /** `engine`: refused before any runtime; `runc`: before the process; `exec`: by the kernel; `code`: it ran. */
  readonly phase: 'engine' | 'runc' | 'exec' | 'code';
  readonly code: number;
  /** Of the phase: the refusal, or what the process printed. */
  readonly text: string;
  readonly stdout: string;
  readonly timedOut: boolean;
}

const capabilities =
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'
    .split(' ')
    .map((name) => `CAP_${name}`);
const mostOutput = 1 << 20;

/** Runs a container in `root` with docker's defaults and no network; `folder` is for the runtime's own files. */
export async function runContainer(folder: string, root: string, start: Start, seconds: number): Promise<Ran> {
  const id = `osless-corpus-${process.pid}-${folder.replace(/\W/g, '')}`.slice(-60);
  mkdirSync(folder, { recursive: true });
  const files = join(folder, 'files');
  mkdirSync(files, { recursive: true });
  writeFileSync(join(files, 'hosts'), '127.0.0.1\tlocalhost\n::1\tlocalhost\n');
  writeFileSync(join(files, 'hostname'), 'corpus\n');
  writeFileSync(join(files, 'resolv.conf'), 'nameserver 127.0.0.1\n');
  writeFileSync(join(folder, 'config.json'), JSON.stringify(specOf(root, start, files)));
  const state = join(folder, 'state');
  const log = join(folder, 'log.json');
  const args = ['--root', state, '--log', log, '--log-format', 'json'];
  const child = spawn('runc', [...args, 'run', '--bundle', folder, id], { stdio: ['ignore', 'pipe', 'pipe'] });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    spawnSync('runc', ['--root', state, 'kill', id, 'KILL']);
    setTimeout(() => child.kill('SIGKILL'), 3000).unref();
  }, seconds * 1000);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)));
  clearTimeout(timer);
  return outcome({ code, stdout: stdout(), stderr: stderr(), timedOut, log }, start.argv);
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  let size = 0;
  stream.on('data', (part: Buffer) => {
    size += part.length;
    if (size < mostOutput) parts.push(part);
  });
  return () => Buffer.concat(parts).toString('utf8');
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly log: string;
}

function outcome({ code, stdout, stderr, timedOut, log }: Ended, argv: readonly string[]): Ran {
  const ended = { code, stdout, timedOut };
  const errors = existsSync(log)
    ? readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"level":"error"'))
        .map((line) => (JSON.parse(line) as { msg: string }).msg)
    : [];
  const refused = errors.find((text) =>
    /unable to start container process|container_linux|runc (run|create) failed/.test(text),
  );
  if (refused !== undefined) return { ...ended, phase: 'runc', text: refused };
  const last = stderr.trimEnd().split('\n').at(-1) ?? '';
  if (stdout === '' && /^exec \S.*: [a-z /]+$/.test(last) && argv.length > 0)
    return { ...ended, phase: 'exec', text: last };
  return { ...ended, phase: 'code', text: `${stdout}${stderr}` };
}

function specOf(root: string, { argv, env, cwd, uid, gid, groups }: Start, files: string): object {
  const bind = (name: string) => ({
    destination: `/etc/${name}`,
    type: 'bind',
    source: join(files, name),
    options: ['rbind', 'rprivate'],
  });
  const inherit = {
    bounding: capabilities,
    ...(uid === 0 ? { effective: capabilities, permitted: capabilities } : {}),
  };
  return {
    ociVersion: '1.0.2',
    hostname: 'corpus',
    root: { path: root, readonly: false },
    process: { user: { uid, gid, additionalGids: groups }, args: argv, env, cwd, capabilities: inherit },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
      },
      {
        destination: '/dev/pts',
        type: 'devpts',
        source: 'devpts',
        options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
      },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
      { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
      {
        destination: '/dev/shm',
        type: 'tmpfs',
        source: 'shm',
        options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=67108864'],
      },
      bind('resolv.conf'),
      bind('hostname'),
      bind('hosts'),
    ],
    linux: {
      resources: { devices: [{ allow: false, access: 'rwm' }] },
      namespaces: ['mount', 'network', 'uts', 'pid', 'ipc'].map((type) => ({ type })),
      maskedPaths: [
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
      ],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  };
}

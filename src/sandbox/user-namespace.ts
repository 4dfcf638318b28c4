import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { Fault } from '../kit/index.ts';
import { findExecutable, mayMount, readText } from './host.ts';
import { exitOf } from './launch.ts';
import { findTools } from './runtime.ts';
import type { SignalRelay } from './signals.ts';

export interface NamespaceOptions {
  /** Of the host; holds PATH. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly path: string;
  /** Whether the program wants this terminal. */
  readonly terminal: boolean;
  readonly relay: SignalRelay;
}

/** Whether containers take a user namespace first: only root may mount, and not in every container. */
export const needsUserNamespace = (): boolean => process.geteuid?.() !== 0 || !mayMount();

/**
 * Runs `argv` as root of a new user namespace, where an ordinary user may mount and start containers: with the
 * subordinate ids of /etc/subuid where newuidmap(1) is there, else with the own id alone. Resolves to its exit code.
 * @throws {Fault} RUNTIME_MISSING; RUNTIME_FAILED where no user namespace can be made.
 */
export async function runInUserNamespace(argv: readonly string[], options: NamespaceOptions): Promise<number> {
  const { unshare, sh } = findTools(options.path);
  // The shell says when it is in the namespace, and goes on when its ids are mapped: root of it from then on.
  const script = 'echo >&3 && read -r go <&3 && exec 3>&- && exec "$@"';
  const child = spawn(unshare, ['--user', sh, '-c', script, 'osless', ...argv], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...options.env },
    detached: !options.terminal,
  });
  const ended = exitOf(child);
  const channel = child.stdio[3] as Readable & Writable;
  channel.on('error', () => undefined);
  if (!(await saysSomething(channel)) || child.pid === undefined) {
    await ended;
    throw refused();
  }
  try {
    mapIds(child.pid, options.path);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  options.relay.attach({ send: (signal) => void child.kill(signal), kill: () => void child.kill('SIGTERM') });
  channel.end('go\n');
  return ended;
}

const saysSomething = (channel: Readable): Promise<boolean> =>
  new Promise((resolve) => {
    channel.once('data', () => resolve(true));
    channel.once('close', () => resolve(false));
    channel.once('error', () => resolve(false));
  });

function mapIds(pid: number, path: string): void {
  const { uid, gid, username } = userInfo();
  const ranges = [
    { tool: findExecutable('newuidmap', path), file: '/etc/subuid', own: uid },
    { tool: findExecutable('newgidmap', path), file: '/etc/subgid', own: gid },
  ].map(({ tool, file, own }) => ({ tool, own, range: findRange(readText(file), [username, `${uid}`]) }));
  const mapped = ranges.every(({ tool, own, range }) => {
    if (tool === undefined || range === undefined) return false;
    const args = [pid, 0, own, 1, 1, range.start, range.count].map(String);
    return spawnSync(tool, args, { stdio: 'ignore' }).status === 0;
  });
  if (!mapped && !(uid === 0 && mapAsRoot(pid))) mapOwnId(pid, uid, gid);
}

/** Root without the right to mount may still hand on the ids that he has. */
function mapAsRoot(pid: number): boolean {
  try {
    for (const file of ['uid_map', 'gid_map']) writeFileSync(`/proc/${pid}/${file}`, '0 0 65536\n');
    return true;
  } catch {
    return false;
  }
}

/** All that is allowed without newuidmap(1); supplementary groups must be given up for it (user_namespaces(7)). */
function mapOwnId(pid: number, uid: number, gid: number): void {
  try {
    writeFileSync(`/proc/${pid}/uid_map`, `0 ${uid} 1\n`);
    writeFileSync(`/proc/${pid}/setgroups`, 'deny');
    writeFileSync(`/proc/${pid}/gid_map`, `0 ${gid} 1\n`);
  } catch (cause) {
    throw refused(cause);
  }
}

/** The first line of subuid(5) for one of these names. */
function findRange(text: string, names: readonly string[]): { start: number; count: number } | undefined {
  for (const line of text.split('\n')) {
    const [name = '', start, count] = line.trim().split(':');
    if (names.includes(name) && Number(count) > 0) return { start: Number(start), count: Number(count) };
  }
  return undefined;
}

const refused = (cause?: unknown): Fault =>
  new Fault('RUNTIME_FAILED', 'containers need root, or user namespaces, which cannot be made here', {
    hint:
      process.geteuid?.() === 0
        ? 'In a container, give it --privileged, or --cap-add SYS_ADMIN and --security-opt seccomp=unconfined.'
        : 'Run osless as root, or allow it: see user_namespaces(7) and kernel.apparmor_restrict_unprivileged_userns.',
    cause,
  });

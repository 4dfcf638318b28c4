import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RuntimeSpec } from '../formats/runtime/index.ts';
import { Fault } from '../kit/index.ts';
import { readText } from './host.ts';

/**
 * Where one run keeps its files. Its name says who owns it, so that it can be told from the first
 * moment on whether the owner still lives: `ID.PID.START.NAMESPACE`.
 */
export interface RunDirectory {
  readonly path: string;
  /** The OCI runtime's `--root`. */
  readonly statePath: string;
  /** Written by the runtime when the container has started: its first process, as the host numbers it. */
  readonly pidPath: string;
  /** The runtime's messages, one JSON object a line. */
  readonly logPath: string;
  /** What mount(8) said. */
  readonly mountLogPath: string;
}

/** Makes the directory with what every way of running needs; `rootDirectory` becomes `lower`. */
export function makeRunDirectory(runsDir: string, id: string, rootDirectory: string): RunDirectory {
  const path = join(runsDir, `${id}.${process.pid}.${startOf(process.pid)}.${pidNamespace()}`);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    for (const name of ['upper', 'work', 'merged']) mkdirSync(join(path, name), 0o755);
    symlinkSync(rootDirectory, join(path, 'lower'));
  } catch (cause) {
    throw new Fault('SYSTEM', `${path} cannot be made: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
  return {
    path,
    statePath: join(path, 'state'),
    pidPath: join(path, 'pid'),
    logPath: join(path, 'log'),
    mountLogPath: join(path, 'mount.log'),
  };
}

export const writeSpec = (directory: RunDirectory, spec: RuntimeSpec): void =>
  writeFileSync(join(directory.path, 'config.json'), JSON.stringify(spec));

/** The first process of the container, once it has started. */
export function findContainerPid({ pidPath }: Pick<RunDirectory, 'pidPath'>): number | undefined {
  const pid = Number(readText(pidPath).trim());
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
}

/** Ends what still runs of a run, whose runtime was killed, and removes its directory with all that is in it. */
export function removeRunDirectory(directory: string, path: string): void {
  const runtime = readText(join(directory, 'runtime')).trim();
  const id = basename(directory).split('.')[0] ?? '';
  if (runtime !== '' && namesIn(join(directory, 'state')).length > 0) {
    const args = ['--root', join(directory, 'state'), 'delete', '--force', id];
    spawnSync(runtime, args, { stdio: 'ignore', env: { PATH: path }, timeout: 10_000 });
  }
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // Names that are not UTF-8 cannot be said to Node, but rm(1) removes them.
    spawnSync('rm', ['-rf', '--', directory], { stdio: 'ignore', env: { PATH: path } });
  }
}

/**
 * Ends containers whose owner was killed and removes what they left.
 * Runs of other pid namespaces, which may live without being seen from here, are left alone.
 */
export function removeLeftovers(runsDir: string, path: string): void {
  for (const name of namesIn(runsDir)) {
    const [, id = '', pid = '', start = '', namespace = ''] = /^([0-9a-f]+)\.(\d+)\.(\d+)\.(\d+)$/.exec(name) ?? [];
    if (id === '' || namespace !== pidNamespace() || startOf(Number(pid)) === start) continue;
    removeRunDirectory(join(runsDir, name), path);
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** When a process began, in ticks since boot (proc(5), stat, 22); '' when there is none of that number. */
function startOf(pid: number): string {
  const text = readText(`/proc/${pid}/stat`);
  // The second field is the program's name, which may itself hold blanks and parentheses.
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function pidNamespace(): string {
  return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
}

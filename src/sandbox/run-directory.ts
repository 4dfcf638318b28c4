import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RuntimeSpec } from '../formats/runtime/index.ts';
import { Fault } from '../kit/index.ts';
import { removeCgroups } from './cgroups.ts';
import { readText } from './host.ts';
import { findOrphan, ownedName, startIn, startOf } from './owner.ts';

/** Where one run keeps its files; its name says which process owns it. */
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
  const path = join(runsDir, ownedName(id));
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
  const pid = Number(readText(pidPath).trim().split(' ')[0]);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined;
}

/** Ends what still runs of a run, whose runtime was killed, and removes its directory with all that is in it. */
export function removeRunDirectory(directory: string, path: string): void {
  const runtime = readText(join(directory, 'runtime')).trim();
  const id = basename(directory).split('.')[0] ?? '';
  if (runtime === '') killFirstProcess(directory);
  else if (namesIn(join(directory, 'state')).length > 0) {
    const args = ['--root', join(directory, 'state'), 'delete', '--force', id];
    spawnSync(runtime, args, { stdio: 'ignore', env: { PATH: path }, timeout: 10_000 });
  }
  removeCgroups(id);
  try {
    rmSync(directory, { recursive: true, force: true });
  } catch {
    // Names that are not UTF-8 cannot be said to Node, but rm(1) removes them.
    spawnSync('rm', ['-rf', '--', directory], { stdio: 'ignore', env: { PATH: path } });
  }
}

/** Ends containers whose owner was killed and removes what they left. */
export function removeLeftovers(runsDir: string, path: string): void {
  for (const name of namesIn(runsDir)) {
    if (findOrphan(name) !== undefined) removeRunDirectory(join(runsDir, name), path);
  }
}

/** Where there is no runtime, the first process has left its /proc/self/stat: a later one of its number is not meant. */
function killFirstProcess(directory: string): void {
  const stat = readText(join(directory, 'pid'));
  const pid = findContainerPid({ pidPath: join(directory, 'pid') });
  if (pid !== undefined && startIn(stat) === startOf(pid)) process.kill(pid, 'SIGKILL');
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

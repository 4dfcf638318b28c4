import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupName } from '../formats/runtime/index.ts';
import { cgroupRoot, readText } from './host.ts';

const attempts = 50;
const pauseMs = 10;

/**
 * Removes the cgroups of one container with all processes in them. The runtime does so itself, unless it was
 * killed before it had noted down that there is a container.
 */
export function removeCgroups(id: string): void {
  for (const directory of cgroupsOf(id)) {
    for (let attempt = 0; attempt < attempts && existsSync(directory); attempt++) {
      killAll(directory);
      tryRemove(directory);
    }
  }
}

/** One in the root of v2, or one for each controller of v1. */
function cgroupsOf(id: string): string[] {
  const parents = existsSync(cgroupRoot) ? ['.', ...readdirSync(cgroupRoot)] : [];
  return parents.map((parent) => join(cgroupRoot, parent, cgroupName(id))).filter((directory) => existsSync(directory));
}

function killAll(directory: string): void {
  for (const pid of readText(join(directory, 'cgroup.procs')).split('\n').map(Number)) {
    if (pid > 1) tryKill(pid);
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** A cgroup is busy until its last process is gone. */
function tryRemove(directory: string): void {
  try {
    rmdirSync(directory);
  } catch {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
  }
}

import { closeSync, openSync, readSync } from 'node:fs';
import { type CpuLevel, cpuLevelOf } from '../facts/loader/index.ts';
import { machinePlatform } from './machine.ts';

const cpuFile = '/proc/cpuinfo';

/** The x86-64 level of this machine's CPU; undefined where it is another one, or does not tell. */
export function machineCpuLevel(): CpuLevel | undefined {
  if (machinePlatform.architecture !== 'amd64') return undefined;
  const flags = /^flags\s*:(.*)$/m.exec(beginningOf(cpuFile))?.[1];
  return flags === undefined ? undefined : cpuLevelOf(flags.trim().split(/\s+/));
}

/** Of the first CPU: on a machine with many, the whole file takes long. */
function beginningOf(file: string): string {
  const bytes = Buffer.alloc(8192);
  let fd: number | undefined;
  try {
    fd = openSync(file, 'r');
    return bytes.toString('latin1', 0, readSync(fd, bytes));
  } catch {
    return '';
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

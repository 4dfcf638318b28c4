import { closeSync, openSync, readSync } from 'node:fs';

const cpuFile = '/proc/cpuinfo';

/** The flags of this machine's CPU; undefined where it does not tell. */
export const machineCpuFlags = (): readonly string[] | undefined =>
  /^flags\s*:(.*)$/m.exec(beginningOf(cpuFile))?.[1]?.trim().split(/\s+/);

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

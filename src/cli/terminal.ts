import { fstatSync } from 'node:fs';
import type { Looks } from '../report/index.ts';
import type { World } from './command.ts';

/**
 * What standard output can show: colours on a terminal that has them, unless NO_COLOR (no-color.org) is set, and
 * characters beyond ASCII unless the locale (locale(7)) names another character set than UTF-8.
 */
export function looksOf({ env, stdoutIsTerminal }: Pick<World, 'env' | 'stdoutIsTerminal'>): Looks {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || 'C.UTF-8';
  return {
    colour: stdoutIsTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    unicode: /utf-?8/i.test(locale),
  };
}

/** Major number of /dev/null and its like. */
const memoryDevices = 1;

/** Whether a standard stream is a terminal. node:tty takes long to load, so it is asked about what may be one only. */
export function isTerminal(fd: 0 | 1 | 2): boolean {
  try {
    const status = fstatSync(fd);
    if (!status.isCharacterDevice() || status.rdev >> 8 === memoryDevices) return false;
    return process.getBuiltinModule('node:tty').isatty(fd);
  } catch {
    return false;
  }
}

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

let dir: string | undefined;

/** Where bases and programs are kept between runs. */
export function setCacheDir(folder: string): void {
  mkdirSync(folder, { recursive: true });
  dir = folder;
}

export function cacheDir(): string {
  if (dir === undefined) throw new Error('no cache directory was chosen');
  return dir;
}

export const workDir = (): string => join(cacheDir(), `work-${process.pid}`);

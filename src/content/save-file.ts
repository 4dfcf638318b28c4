import { closeSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { systemFault } from '../kit/index.ts';
import { hasEnded, uniqueMark } from './identity.ts';

const infix = '.osless-tmp-';

/**
 * Writes `bytes` to the file `path`: others see the old file or the new one whole, also when the writer is killed.
 * What is no regular file (a pipe, a device) is written to as it comes.
 * @throws {Fault} SYSTEM, FILE_NOT_FOUND; whatever `bytes` throws, and then the old file is still there.
 */
export async function saveFile(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const doing = `cannot write ${path}`;
  const direct = isSpecial(path);
  const target = direct ? path : `${path}${infix}${uniqueMark()}`;
  const file = during(doing, () => {
    if (!direct) sweep(path);
    return openSync(target, direct ? 'r+' : 'wx', 0o666);
  });
  try {
    try {
      for await (const chunk of bytes) during(doing, () => writeWhole(file, chunk));
    } finally {
      closeSync(file);
    }
    if (!direct) during(doing, () => renameSync(target, path));
  } catch (error) {
    if (!direct) rmSync(target, { force: true });
    throw error;
  }
}

/** Removes what writers of this file that were killed left behind. */
function sweep(path: string): void {
  const directory = dirname(path);
  const start = basename(path) + infix;
  for (const name of readdirSync(directory)) {
    if (name.startsWith(start) && hasEnded(name.slice(start.length))) rmSync(`${directory}/${name}`, { force: true });
  }
}

function isSpecial(path: string): boolean {
  const status = during(`cannot write ${path}`, () => statSync(path, { throwIfNoEntry: false }));
  return status !== undefined && !status.isFile() && !status.isDirectory();
}

function writeWhole(file: number, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.byteLength; ) at += writeSync(file, chunk, at, chunk.byteLength - at);
}

function during<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw systemFault(error, doing);
  }
}

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from './cache.ts';

/** A file that is made by a script, once. */
export interface Built {
  readonly key: string;
  bytes(): Promise<Uint8Array>;
}

export interface Recipe {
  /** Run by sh in an empty directory that holds `files` and `needs` by their names; leaves the file `out`. */
  readonly script: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly needs?: Readonly<Record<string, Built>>;
}

const run = promisify(execFile);
const running = new Map<string, Promise<string>>();

/** Nothing is made before somebody asks for the bytes. */
export function built(recipe: Recipe): Built {
  const needs = Object.entries(recipe.needs ?? {}).map(([name, { key }]) => [name, key]);
  const key = createHash('sha256')
    .update(JSON.stringify([recipe.script, recipe.files ?? {}, needs]))
    .digest('hex')
    .slice(0, 24);
  return { key, bytes: async () => readFileSync(await fileOf(key, recipe)) };
}

function fileOf(key: string, recipe: Recipe): Promise<string> {
  const known = running.get(key) ?? make(key, recipe);
  running.set(key, known);
  return known;
}

async function make(key: string, { script, files = {}, needs = {} }: Recipe): Promise<string> {
  const file = join(cacheDir(), 'built', key);
  if (existsSync(file)) return file;
  mkdirSync(join(cacheDir(), 'built'), { recursive: true });
  const folder = mkdtempSync(join(cacheDir(), 'build-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    for (const [name, need] of Object.entries(needs))
      writeFileSync(join(folder, name), await need.bytes(), { mode: 0o755 });
    await run('sh', ['-e', '-c', script], { cwd: folder, env: { ...process.env, GOFLAGS: '-trimpath' } });
    renameSync(join(folder, 'out'), file);
    return file;
  } catch (error) {
    throw new Error(`cannot build with: ${script}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

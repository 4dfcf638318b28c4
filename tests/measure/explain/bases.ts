import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { recipes } from './base-recipes.ts';
import { cacheDir } from './cache.ts';

/** A tree that images stand on: a directory, and the same as an uncompressed layer. */
export interface Base {
  readonly dir: string;
  readonly layer: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

const run = promisify(execFile);
const making = new Map<string, Promise<Base>>();

/** Makes a base, or takes what an earlier run made. */
export function baseOf(name: string): Promise<Base> {
  const known = making.get(name) ?? make(name);
  making.set(name, known);
  return known;
}

async function make(name: string): Promise<Base> {
  const recipe = recipes[name];
  if (recipe === undefined) throw new Error(`there is no base ${name}`);
  const version = createHash('sha256')
    .update(JSON.stringify([recipe.script, recipe.files ?? {}]))
    .digest('hex')
    .slice(0, 8);
  const dir = join(cacheDir(), 'bases', `${name}-${version}`);
  const layer = `${dir}.tar`;
  const note = `${dir}.json`;
  if (!existsSync(note)) {
    for (const need of recipe.needs ?? []) await baseOf(need);
    await build(recipe, dir);
    await run('tar', [
      '-C',
      dir,
      '--numeric-owner',
      '--xattrs',
      '--xattrs-include=*',
      '--sort=name',
      '-cf',
      layer,
      '.',
    ]);
    const hash = createHash('sha256');
    await pipeline(createReadStream(layer), hash);
    writeFileSync(note, JSON.stringify({ digest: `sha256:${hash.digest('hex')}`, sizeBytes: statSync(layer).size }));
  }
  const { digest, sizeBytes } = JSON.parse(readFileSync(note, 'utf8')) as { digest: string; sizeBytes: number };
  return { dir, layer, digest, sizeBytes };
}

async function build(recipe: (typeof recipes)[string], dir: string): Promise<void> {
  const part = `${dir}.part`;
  rmSync(part, { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  const needs: Record<string, string> = {};
  for (const need of recipe?.needs ?? []) needs[`BASE_${need}`] = (await baseOf(need)).dir;
  for (const [path, text] of Object.entries(recipe?.files ?? {})) {
    mkdirSync(join(part, path, '..'), { recursive: true });
    writeFileSync(join(part, path), text);
  }
  const env = { ...process.env, ...needs, ROOT: part };
  await run('sh', ['-e', '-c', recipe?.script ?? ''], { env, cwd: '/', maxBuffer: 1 << 26 });
  renameSync(part, dir);
}

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { closureOf } from '../../../src/facts/loader/index.ts';
import { imagePath } from '../../../src/kit/index.ts';
import { hostTree, resolve } from '../../../src/rootfs/index.ts';
import { type Comparison, compare } from './compare.ts';
import { Chance, type Flavour, loaderOf, makeRandomTree } from './random-tree.ts';
import { askLoaderIn } from './real-loader.ts';

export interface RandomRun {
  readonly seed: number;
  readonly comparison: Comparison;
}

export interface RandomOptions {
  readonly seed: number;
  readonly count: number;
  readonly cpu: readonly string[];
  /** The root of the tree whose loader is tried: `/` for the machine's own. */
  readonly loaderFrom: string;
}

/** Why random trees cannot be tried here; undefined when they can. */
export async function reasonAgainst(flavour: Flavour, loaderFrom: string): Promise<string | undefined> {
  if (process.arch !== 'x64') return 'the made programs are for x86_64';
  if (process.getuid?.() !== 0) return 'chroot needs root';
  if ((await loaderFile(flavour, loaderFrom)) === undefined) return `${loaderFrom} has no ${loaderOf(flavour)}`;
  return existsSync('/bin/busybox') ? undefined : 'this machine has no static busybox';
}

/** Closures of `count` random trees, from `seed` on, beside what a real loader says in them. */
export async function tryRandomTrees(
  flavour: Flavour,
  { seed, count, cpu, loaderFrom }: RandomOptions,
): Promise<RandomRun[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'osless-closure-'));
  const runs: RandomRun[] = [];
  try {
    for (let at = seed; at < seed + count; at++) {
      const root = join(scratch, String(at));
      runs.push({ seed: at, comparison: await tryOne(root, flavour, { seed: at, cpu, loaderFrom }) });
      rmSync(root, { recursive: true });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return runs;
}

async function tryOne(
  root: string,
  flavour: Flavour,
  { seed, cpu, loaderFrom }: { seed: number; cpu: readonly string[]; loaderFrom: string },
): Promise<Comparison> {
  const { program, env } = makeRandomTree(root, flavour, new Chance(seed));
  const loader = join(root, loaderOf(flavour));
  mkdirSync(dirname(loader), { recursive: true });
  copyFileSync((await loaderFile(flavour, loaderFrom)) ?? '', loader);
  const tree = hostTree(root);
  const closure = await closureOf(tree, imagePath(program), { env, cpu });
  return compare(tree, closure, askLoaderIn(root, flavour, env, { loader: loaderOf(flavour), file: program }));
}

/** Where a tree has its loader, absolute links within it followed. */
async function loaderFile(flavour: Flavour, loaderFrom: string): Promise<string | undefined> {
  const found = await resolve(hostTree(loaderFrom), loaderOf(flavour));
  return found.found ? join(loaderFrom, found.path) : undefined;
}

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closureOf } from '../../../src/facts/loader/index.ts';
import { imagePath } from '../../../src/kit/index.ts';
import { hostTree } from '../../../src/rootfs/index.ts';
import { type Comparison, compare } from './compare.ts';
import { Chance, type Flavour, loaderOf, makeRandomTree } from './random-tree.ts';
import { askLoaderIn } from './real-loader.ts';

export interface RandomRun {
  readonly seed: number;
  readonly comparison: Comparison;
}

/** Why random trees cannot be tried here; undefined when they can. */
export function reasonAgainst(flavour: Flavour): string | undefined {
  if (process.arch !== 'x64') return 'the made programs are for x86_64';
  if (process.getuid?.() !== 0) return 'chroot needs root';
  if (!existsSync(loaderOf(flavour))) return `this machine has no ${loaderOf(flavour)}`;
  return existsSync('/bin/busybox') ? undefined : 'this machine has no static busybox';
}

/** Closures of `count` random trees, from `seed` on, beside what the machine's own loader says in them. */
export async function tryRandomTrees(
  flavour: Flavour,
  { seed, count, cpu }: { seed: number; count: number; cpu: readonly string[] },
): Promise<RandomRun[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'osless-closure-'));
  const runs: RandomRun[] = [];
  try {
    for (let at = seed; at < seed + count; at++) {
      const root = join(scratch, String(at));
      runs.push({ seed: at, comparison: await tryOne(root, flavour, { seed: at, cpu }) });
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
  { seed, cpu }: { seed: number; cpu: readonly string[] },
): Promise<Comparison> {
  const { program, env } = makeRandomTree(root, flavour, new Chance(seed));
  const tree = hostTree(root);
  const closure = await closureOf(tree, imagePath(program), { env, cpu });
  return compare(tree, closure, askLoaderIn(root, flavour, env, { loader: loaderOf(flavour), file: program }));
}

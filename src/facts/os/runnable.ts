import { emptyProcessConfig, type Platform } from '../../formats/oci/index.ts';
import { type ImagePath, imagePath } from '../../kit/index.ts';
import { type FileTree, resolve } from '../../rootfs/index.ts';
import type { Closure } from '../loader/index.ts';
import { type StartVerdict, startOf } from '../start/index.ts';

/** A program of a tree as root would start it. */
export interface Tried {
  /** The name by which it was asked for. */
  readonly name: ImagePath;
  readonly path: ImagePath;
  readonly runs: boolean;
  /** Why not. */
  readonly says: string;
  readonly closures: readonly Closure[];
}

export interface TrialOptions {
  readonly platform: Platform;
  readonly env: readonly string[];
  /** Of the tree's own command: what it came past need not be tried. */
  readonly verdict: StartVerdict | undefined;
}

/** Tells of programs of one tree whether they would run there; each real file is judged once. */
export class Trials {
  readonly #tree: FileTree;
  readonly #platform: Platform;
  readonly #env: readonly string[];
  readonly #known = new Map<ImagePath, Promise<Tried>>();

  constructor(tree: FileTree, { platform, env, verdict }: TrialOptions) {
    this.#tree = tree;
    this.#platform = platform;
    this.#env = env;
    for (const tried of verdict === undefined ? [] : seenRunning(verdict)) {
      this.#known.set(tried.path, Promise.resolve(tried));
    }
  }

  /** undefined where there is no file of that name. What hangs on the running container is taken to run. */
  async try(name: string, args: readonly string[]): Promise<Tried | undefined> {
    const found = await resolve(this.#tree, name);
    if (!found.found || found.node.kind !== 'file') return undefined;
    const known = this.#known.get(found.path) ?? this.#judge(name, found.path, args);
    this.#known.set(found.path, known);
    return { ...(await known), name: imagePath(name) };
  }

  async #judge(name: string, path: ImagePath, args: readonly string[]): Promise<Tried> {
    const config = { ...emptyProcessConfig, env: this.#env, entrypoint: [name, ...args], user: '0' };
    const verdict = await startOf(this.#tree, config, { platform: this.#platform });
    const { says, closures } = verdict;
    return { name: imagePath(name), path, runs: verdict.starts !== 'no', says, closures };
  }
}

/** A program that another one of the chain follows ran, and so did the last of a chain that reached its end. */
function seenRunning({ chain, closures, starts }: StartVerdict): Tried[] {
  const ran = starts === 'yes' ? chain : chain.slice(0, -1);
  return ran
    .filter(({ kind }) => kind === 'elf')
    .map(({ path }) => ({
      ...{ name: path, path, runs: true, says: '' },
      closures: closures.filter(({ program }) => program === path),
    }));
}

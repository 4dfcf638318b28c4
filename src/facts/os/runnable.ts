import { damageOf, runsOn } from '../../formats/elf/index.ts';
import { emptyProcessConfig, type Platform } from '../../formats/oci/index.ts';
import { type ImagePath, imagePath, isFault } from '../../kit/index.ts';
import { type FileNode, type FileTree, mayExecute, type Resolution, resolve } from '../../rootfs/index.ts';
import { type Closure, closureOf } from '../loader/index.ts';
import { type StartVerdict, startOf } from '../start/index.ts';

type Found = Extract<Resolution, { found: true }>;

const root = { uid: 0, gids: [0] };

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
  /** Those of programs that run. */
  readonly #loaders = new Set<ImagePath>();
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
    const known = this.#known.get(found.path) ?? this.#judge(name, found, args);
    this.#known.set(found.path, known);
    const tried = { ...(await known), name: imagePath(name) };
    for (const { interpreter } of tried.runs ? tried.closures : []) {
      if (interpreter?.path !== undefined) this.#loaders.add(interpreter.path);
    }
    return tried;
  }

  async #judge(name: string, { path, node }: Found, args: readonly string[]): Promise<Tried> {
    const closure = this.#loaders.size > 0 && mayExecute(node, root) ? await this.#wholeClosure(path, node) : undefined;
    if (closure !== undefined) return { name: imagePath(name), path, runs: true, says: '', closures: [closure] };
    const config = { ...emptyProcessConfig, env: this.#env, entrypoint: [name, ...args], user: '0' };
    const verdict = await startOf(this.#tree, config, { platform: this.#platform });
    const { says, closures } = verdict;
    return { name: imagePath(name), path, runs: verdict.starts !== 'no', says, closures };
  }

  /**
   * Where another program has shown that loader and libc fit together, it is enough that every library and version is
   * there: a package manager's symbols are many. undefined for all that needs a closer look.
   */
  async #wholeClosure(path: ImagePath, { sizeBytes }: FileNode): Promise<Closure | undefined> {
    try {
      const closure = await closureOf(this.#tree, path, { env: this.#env });
      const elf = closure.objects[0]?.elf;
      const isWhole = closure.missing.length === 0 && closure.versionProblems.every(({ kind }) => kind === 'weak');
      const isSound = elf?.interpreter !== undefined && damageOf(elf, sizeBytes) === undefined;
      const isForMachine = isSound && runsOn(elf, this.#platform.architecture);
      const loader = closure.interpreter?.path;
      return isWhole && isForMachine && loader !== undefined && this.#loaders.has(loader) ? closure : undefined;
    } catch (error) {
      if (!isFault(error)) throw error;
      return undefined;
    }
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

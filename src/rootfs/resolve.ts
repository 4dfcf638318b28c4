import { childPath, type ImagePath, parentPath, rootPath } from '../kit/index.ts';
import { mayExecute } from './permission.ts';
import type { Credentials, FileNode, FileTree, Resolution } from './tree.ts';

export interface ResolveOptions {
  /**
   * Where a relative path begins. A process is in it already: nobody is refused on the way there, and its links stand in
   * `links` but are not counted. Default: the root.
   */
  readonly cwd?: string;
  /** Who must be allowed to search each directory on the way. Default: nobody is refused. */
  readonly as?: Credentials;
  /** Whether a symlink as the last component is followed too. Default: true. */
  readonly followLast?: boolean;
}

/** MAXSYMLINKS: the kernel follows 40, the 41st is ELOOP. */
const mostLinks = 40;
/** PATH_MAX without its NUL, in UTF-16 units: a little more than the kernel takes, enough to end. */
const longestPath = 4095;

/** How far a walk has come. */
interface Position {
  readonly path: ImagePath;
  readonly node: FileNode;
  readonly links: readonly ImagePath[];
}

type Stop = Extract<Resolution, { found: false }>;
type Step = Position | Stop;

/** Directories already resolved, by the text that named them; only for walks without credentials. */
const directoriesOf = new WeakMap<FileTree, Map<string, Position>>();

/**
 * Follows `path` as the kernel does in a process whose root is the root of `tree` (path_resolution(7)):
 * absolute targets start again at the root, `..` at the root stays there, and `link/..` is the parent of the
 * link's target. Does not know fs.protected_symlinks nor security modules.
 */
export async function resolve(tree: FileTree, path: string, options: ResolveOptions = {}): Promise<Resolution> {
  const node = await tree.lookup(rootPath);
  if (node === undefined) return { found: false, problem: 'missing', at: rootPath, links: [] };
  const root: Position = { path: rootPath, node, links: [] };
  const { cwd, as, followLast = true } = options;
  let start: Step = root;
  if (cwd !== undefined && !path.startsWith('/'))
    start = await new Walk(tree, root, undefined).follow(root, `/${cwd}`, true);
  if (isStop(start)) return start;
  if (path === '' || path.length > longestPath) return stop('missing', start, start.path);
  const end = await new Walk(tree, root, as).follow(start, path, followLast);
  return isStop(end) ? end : { found: true, ...end };
}

class Walk {
  readonly #tree: FileTree;
  readonly #root: Position;
  readonly #as: Credentials | undefined;
  readonly #known: Map<string, Position>;
  #linksFollowed = 0;

  constructor(tree: FileTree, root: Position, as: Credentials | undefined) {
    this.#tree = tree;
    this.#root = root;
    this.#as = as;
    this.#known = (as === undefined && directoriesOf.get(tree)) || new Map();
    if (as === undefined) directoriesOf.set(tree, this.#known);
  }

  async follow(start: Position, path: string, followLast: boolean): Promise<Step> {
    const names = componentsOf(path);
    const mustBeDirectory = path.endsWith('/');
    // The text so far names a directory for later walks only if it began at the root.
    const isAbsolute = path.startsWith('/');
    let [here, at] = isAbsolute ? this.#farthestKnown(names) : [start, 0];
    let text = textOf(names, at);
    this.#linksFollowed = isAbsolute ? here.links.length : 0;
    for (; at < names.length; at++) {
      const isLast = at === names.length - 1;
      const next = await this.#enter(here, names[at] ?? '', !isLast || mustBeDirectory || followLast);
      if (isStop(next)) return next;
      here = next;
      text += `/${names[at]}`;
      if (isAbsolute && here.node.kind === 'directory') this.#known.set(text, here);
    }
    return mustBeDirectory && here.node.kind !== 'directory' ? stop('not-a-directory', here, here.path) : here;
  }

  #farthestKnown(names: readonly string[]): [Position, number] {
    for (let count = names.length - 1; count > 0; count--) {
      const known = this.#known.get(textOf(names, count));
      if (known !== undefined) return [known, count];
    }
    return [this.#root, 0];
  }

  /** One component, with all the links that it leads through. */
  async #enter(from: Position, name: string, followsLink: boolean): Promise<Step> {
    const waiting = [{ name, follows: followsLink }];
    let here = from;
    let mustBeDirectory = false;
    for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
      const next = await this.#lookup(here, part.name);
      if (isStop(next)) return next;
      if (next.node.kind !== 'symlink' || !part.follows) {
        here = next;
        continue;
      }
      const target = next.node.linkTarget;
      if (++this.#linksFollowed > mostLinks) return stop('loop', here, next.path);
      const links = [...here.links, next.path];
      if (target === '' || target.length > longestPath) return stop('missing', { ...here, links }, next.path);
      here = target.startsWith('/') ? { ...this.#root, links } : { ...here, links };
      if (waiting.length === 0 && target.endsWith('/')) mustBeDirectory = true;
      for (const inner of componentsOf(target).reverse()) waiting.push({ name: inner, follows: true });
    }
    return mustBeDirectory && here.node.kind !== 'directory' ? stop('not-a-directory', here, here.path) : here;
  }

  async #lookup(here: Position, name: string): Promise<Step> {
    if (here.node.kind !== 'directory') return stop('not-a-directory', here, here.path);
    if (this.#as !== undefined && !mayExecute(here.node, this.#as)) return stop('denied', here, here.path);
    if (name === '.') return here;
    const path = name === '..' ? parentPath(here.path) : childPath(here.path, name);
    const node = await this.#tree.lookup(path);
    return node === undefined ? stop('missing', here, path) : { path, node, links: here.links };
  }
}

const componentsOf = (path: string): string[] => path.split('/').filter((name) => name !== '');

const textOf = (names: readonly string[], count: number): string =>
  count === 0 ? '' : `/${names.slice(0, count).join('/')}`;

const stop = (problem: Stop['problem'], { links }: Position, at: ImagePath): Stop => ({
  found: false,
  problem,
  at,
  links,
});

const isStop = (step: Step): step is Stop => 'found' in step;

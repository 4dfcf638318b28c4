import { baseName, childPath, compareNames, type ImagePath, imagePath } from '../../kit/index.ts';
import { type FileNode, type FileTree, resolve } from '../../rootfs/index.ts';
import type { Closure } from '../loader/index.ts';
import type { Because, NeedLevel } from '../types.ts';
import { isWithin, type Role, type Rule, type Wish, weaker } from './rule.ts';
import { Scene } from './scene.ts';
import { Subject } from './subject.ts';
import type { MissingNeed, NeededFile } from './types.ts';

const levels = ['needed', 'likely', 'possible'] as const;
/** A tree of more entries than this below one wish is a mistake of a rule. */
const mostEntries = 400_000;

interface Choice {
  level: NeedLevel;
  readonly because: Because[];
}

/** A wish on its way to files. */
interface Following {
  readonly level: NeedLevel;
  readonly because: Because;
  /** How many starts of programs lie between the first program and this file. */
  readonly depth: number;
  readonly process: Closure | undefined;
  readonly wisher: Subject | undefined;
  readonly role?: Role | undefined;
  readonly what?: 'tree' | 'alone';
  readonly without?: RegExp;
  /** A link in a tree led here. */
  readonly isLinked?: boolean;
  readonly mustExist?: boolean;
}

export interface EngineOptions {
  readonly keep: NeedLevel;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly excludes: (path: ImagePath) => boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Applies the rules to a program and to whatever they bring in, until nothing new comes.
 * What is needed is followed before what is likely, so that the first level of a file is its strongest.
 */
export class Engine {
  readonly scene: Scene;
  readonly missing: MissingNeed[] = [];
  readonly #tree: FileTree;
  readonly #rules: readonly Rule[];
  readonly #options: EngineOptions;
  readonly #chosen = new Map<ImagePath, Choice>();
  readonly #leftOut = new Map<ImagePath, Choice>();
  readonly #waiting: Record<NeedLevel, Subject[]> = { needed: [], likely: [], possible: [] };
  readonly #visited = new Map<string, Role>();
  readonly #trees = new Set<ImagePath>();
  #entries = 0;

  constructor(tree: FileTree, program: ImagePath, rules: readonly Rule[], options: EngineOptions) {
    this.#tree = tree;
    this.#rules = rules;
    this.#options = options;
    this.scene = new Scene(tree, { ...options, program, chosen: this.#chosen });
  }

  /** Takes what a rule, or the user, asks for. */
  async take(wish: Wish, rule: string, subject?: Subject): Promise<void> {
    const level = weaker(wish.level, subject?.level ?? 'needed');
    const because: Because = { rule, by: wish.by ?? subject?.path, detail: wish.detail };
    const starts = wish.role === 'program' || wish.role === undefined;
    const depth = subject === undefined ? 0 : subject.depth + (starts ? 1 : 0);
    if (wish.absent === true) this.missing.push({ name: wish.path, level, because });
    else await this.#follow(wish.path, { ...wish, level, because, depth, process: subject?.process, wisher: subject });
  }

  async run(): Promise<void> {
    for (let subject = this.#next(); subject !== undefined; subject = this.#next()) {
      this.#options.signal?.throwIfAborted();
      const as = await this.#roleOf(subject);
      if (as === undefined) continue;
      for (const rule of this.#rules) {
        for (const wish of await rule.wishesOf(as, this.scene)) await this.take(wish, rule.name, as);
      }
    }
  }

  needs(): NeededFile[] {
    return sorted(this.#chosen);
  }

  leftOut(): NeededFile[] {
    return sorted(this.#leftOut).filter(({ path }) => !this.#chosen.has(path));
  }

  async #follow(path: string, as: Following): Promise<void> {
    const { level, because } = as;
    const found = await resolve(this.#tree, imagePath(path));
    if (!found.found) {
      if (as.mustExist === true) this.missing.push({ name: path, level, because });
      return;
    }
    if (this.#isSecret(found.path, found.node, because)) return;
    for (const link of found.links) this.#choose(link, level, because);
    if (!this.#choose(found.path, level, because)) return;
    if (as.what === 'tree' && found.node.kind === 'directory') await this.#takeTree(found.path, as);
    else this.#await(found.path, found.node, as);
  }

  /** Configuration that only root may read holds a password or a key of this machine: nobody gets it unasked. */
  #isSecret(path: ImagePath, { kind, mode }: FileNode, { rule }: Because): boolean {
    if (kind !== 'file' || (mode & 0o077) !== 0 || !path.startsWith('/etc/') || rule === 'include') return false;
    if (this.#options.excludes(path)) return true;
    this.scene.notes.add(`${path} stays out, as only its owner may read it; include it if the program needs it`);
    return true;
  }

  /** Whether the file comes along (again). */
  #choose(path: ImagePath, level: NeedLevel, because: Because): boolean {
    if (path === '/' || this.#options.excludes(path)) return path === '/';
    const within = isWithin(level, this.#options.keep);
    const choices = within ? this.#chosen : this.#leftOut;
    const choice = choices.get(path);
    if (choice === undefined) choices.set(path, { level, because: [because] });
    else if (!choice.because.some(({ rule, by }) => rule === because.rule && by === because.by))
      choice.because.push(because);
    if (choice !== undefined && weaker(choice.level, level) !== level) choice.level = level;
    return within;
  }

  async #takeTree(folder: ImagePath, as: Following): Promise<void> {
    if (this.#trees.has(folder)) return;
    this.#trees.add(folder);
    const inside: Following = { ...as, role: undefined, mustExist: false };
    for (const name of await this.#tree.list(folder)) {
      if (++this.#entries > mostEntries) return;
      const path = childPath(folder, name);
      const level = as.without?.test(path) === true ? weaker(as.level, 'possible') : as.level;
      const node = await this.#tree.lookup(path);
      if (node === undefined || this.#isSecret(path, node, as.because)) continue;
      if (!this.#choose(path, level, as.because)) continue;
      if (node.kind === 'directory') await this.#takeTree(path, { ...inside, level });
      else if (node.kind === 'symlink')
        await this.#follow(path, { ...inside, level, what: await this.#whatOf(path, as), isLinked: true });
      else this.#await(path, node, { ...inside, level });
    }
  }

  /** A link in a tree that leads to a directory brings what is in that, when it is not a place of many packages. */
  async #whatOf(link: ImagePath, { isLinked }: Following): Promise<'tree' | 'alone'> {
    const found = isLinked === true ? undefined : await resolve(this.#tree, link);
    return found?.found === true && found.path.split('/').length > 4 ? 'tree' : 'alone';
  }

  /** Notes a file for the rules to look at, when there can be something in it for them. */
  #await(path: ImagePath, node: FileNode, as: Following): void {
    const role = as.role ?? roleByName(path, node);
    const key = node.identity ?? path;
    const before = this.#visited.get(key);
    const isKnown = before !== undefined && !(before === 'helper' && role === 'program');
    if (node.kind !== 'file' || role === 'file' || isKnown) return;
    this.#visited.set(key, role);
    this.#waiting[as.level].push(new Subject(path, node, { ...as, role }));
  }

  #next(): Subject | undefined {
    for (const level of levels) {
      const subject = this.#waiting[level].shift();
      if (subject !== undefined) return subject;
    }
    return undefined;
  }

  /** A file with x bits may be a library, and a file named like one may be data. */
  async #roleOf(subject: Subject): Promise<Subject | undefined> {
    if (subject.role === 'configuration') return subject;
    const { kind } = await subject.recognised();
    if (kind === 'script') return (await isMeant(subject)) ? subject : undefined;
    const elf = kind === 'elf' ? await subject.elf() : undefined;
    if (elf === undefined) return undefined;
    const isProgram = elf.interpreter !== undefined || elf.type === 'executable' || elf.isPie;
    return !subject.isProgram || isProgram
      ? subject
      : new Subject(subject.path, subject.node, { ...subject, role: 'module' });
  }
}

/** A script that came with a directory is one more file, unless who brought it names it. */
async function isMeant({ role, path, wisher }: Subject): Promise<boolean> {
  if (role !== 'helper' || wisher === undefined) return role === 'program';
  return (await wisher.components()).has(baseName(path));
}

function roleByName(path: ImagePath, { mode }: FileNode): Role {
  if (/\.so(\.\d+)*$/.test(path)) return 'module';
  if (baseName(path) === 'pkgIndex.tcl') return 'configuration';
  return (mode & 0o111) !== 0 && !path.startsWith('/etc/') ? 'helper' : 'file';
}

const sorted = (choices: ReadonlyMap<ImagePath, Choice>): NeededFile[] =>
  [...choices]
    .map(([path, { level, because }]) => ({ path, level, because }))
    .sort((a, b) => compareNames(a.path, b.path));

import { type ImagePath, parentPath } from '../../kit/index.ts';
import { resolve } from '../../rootfs/index.ts';
import type { Because } from '../types.ts';
import type { ClosureFile, HowFound, LoadedObject, MissingLibrary } from './answer.ts';
import type { LinkMap, Mapped } from './link-map.ts';
import { absoluteDirectory, type Hit, type Outcome, type Search, type SearchSetting } from './search.ts';

/** What the process needs, as one object asks for it. */
interface Wish {
  readonly name: string;
  /** DT_AUXILIARY: it may be absent. */
  readonly isOptional: boolean;
  /** DT_FILTER or DT_AUXILIARY: it is searched for symbols before the one that wishes it. */
  readonly isFilter?: boolean;
  /** Opened by the program with glibc: it inherits no DT_RPATH from the object that called. */
  readonly isRoot?: boolean;
}

interface Asker {
  readonly requester: Mapped | undefined;
  readonly isRoot: boolean;
}

/** The loading of one process: what is in it, what was found on the way, what was not. */
export class Loading {
  readonly setting: SearchSetting;
  readonly search: Search;
  readonly map: LinkMap;
  readonly missing: MissingLibrary[] = [];
  readonly variants: LoadedObject[] = [];
  readonly #files = new Map<ImagePath, ClosureFile>();
  readonly #waypoints = new Map<string, Because>();
  readonly #loadedBefore: number;
  readonly #copies: { readonly hit: Hit; readonly name: string; readonly requester: Mapped | undefined }[] = [];

  constructor(setting: SearchSetting, search: Search, map: LinkMap) {
    this.setting = setting;
    this.search = search;
    this.map = map;
    this.#loadedBefore = map.listed.length;
  }

  /** The same process, to load more into: what it finds is kept apart. */
  continued(): Loading {
    this.setting.budget.renew();
    return new Loading(this.setting, this.search, this.map.copy());
  }

  /** Every file that was named so far, with what the paths to them lead through. */
  async collectFiles(): Promise<ClosureFile[]> {
    for (const [path, because] of this.#waypoints) {
      const found = await resolve(this.setting.files.tree, path, { cwd: this.setting.cwd });
      if (found.found) for (const real of [found.path, ...found.links]) this.addFile({ path: real, because });
    }
    this.#waypoints.clear();
    return [...this.#files.values()];
  }

  /** Loads what `roots` need, breadth first, and what those need; then the copies for better CPUs. */
  async loadNeeds(roots: readonly Mapped[]): Promise<void> {
    await this.#loadBreadthFirst(roots);
    const apart = new Loading(this.setting, this.search, this.map.copy());
    const known = new Set<string>();
    for (let copy = this.#copies.shift(); copy !== undefined; copy = this.#copies.shift()) {
      if (known.has(copy.hit.file.identity)) continue;
      known.add(copy.hit.file.identity);
      const before = apart.map.listed.length;
      const mapped = apart.#map(copy.hit, copy.name, { requester: copy.requester, isRoot: false });
      if (mapped === undefined) continue;
      await apart.#loadBreadthFirst([mapped]);
      this.variants.push(...apart.map.listed.slice(before).map(({ object }) => object));
      this.#copies.push(...apart.#copies.splice(0));
    }
    for (const file of await apart.collectFiles()) this.addFile(file);
  }

  /** Finds and maps one library; undefined when that fails, which is noted unless it is optional. */
  async load(wish: Wish, requester: Mapped | undefined, how?: HowFound): Promise<Mapped | undefined> {
    const outcome = await this.attempt(wish.name, requester);
    if ('known' in outcome) return outcome.known;
    if (outcome.hit === undefined) {
      const wantedBy = requester?.object.path ?? this.setting.program().object.path;
      if (!wish.isOptional) this.missing.push({ name: wish.name, wantedBy, ...outcome.missing });
      return undefined;
    }
    for (const hit of outcome.copies) this.#copies.push({ hit, name: wish.name, requester });
    const hit = how === undefined ? outcome.hit : { ...outcome.hit, how };
    return this.#map(hit, wish.name, { requester, isRoot: wish.isRoot ?? false });
  }

  /** Looks for a library without loading it. */
  async attempt(name: string, requester: Mapped | undefined): Promise<Outcome | { readonly known: Mapped }> {
    const known = this.search.known(name, this.map);
    if (known === undefined) return this.search.find(name, requester);
    if (!this.map.has(known)) this.map.add(known);
    return { known };
  }

  addFile(file: ClosureFile): void {
    if (!this.#files.has(file.path)) this.#files.set(file.path, file);
  }

  /** What stands before `..` has to be a directory, though nothing in it is opened. */
  noteWay(name: string, because: Because): void {
    for (const { index } of name.matchAll(/\/\.\.(?=\/)/g)) this.#waypoints.set(name.slice(0, index), because);
  }

  async #loadBreadthFirst(roots: readonly Mapped[]): Promise<void> {
    const queue = [...roots];
    const known = new Set(roots);
    const done = new Set<Mapped>();
    for (let at = 0; at < queue.length; ) {
      const mapped = queue[at];
      if (mapped === undefined || done.has(mapped)) {
        at++;
        continue;
      }
      done.add(mapped);
      for (const wish of wishesOf(mapped)) {
        const found = await this.#loadWish(wish, mapped);
        if (found === undefined) continue;
        if (wish.isFilter) at = this.#putBefore(queue, found, mapped) ?? at;
        else if (!known.has(found)) queue.push(found);
        known.add(found);
      }
    }
  }

  async #loadWish(wish: Wish, requester: Mapped): Promise<Mapped | undefined> {
    const name = this.search.expandName(wish.name, requester);
    return name === undefined ? undefined : this.load({ ...wish, name }, requester);
  }

  /** Filtees come before their filter (elf/dl-deps.c). The new place in the queue; undefined when it was before. */
  #putBefore(queue: Mapped[], filtee: Mapped, filter: Mapped): number | undefined {
    const old = queue.indexOf(filtee);
    const place = queue.indexOf(filter);
    if (old !== -1 && old <= place) return undefined;
    if (old !== -1) queue.splice(old, 1);
    queue.splice(place, 0, filtee);
    if (this.map.listed.indexOf(filtee) >= this.#loadedBefore) this.map.moveBefore(filtee, filter);
    return place;
  }

  #map(hit: Hit, requested: string, { requester, isRoot }: Asker): Mapped | undefined {
    const { elf } = hit.file;
    if (elf === undefined) return undefined;
    this.#noteFiles(hit, requested, requester);
    const same = this.map.find((other) => other.identity === hit.file.identity && this.search.mayBeFoundAgain(other));
    if (same !== undefined) {
      if (!this.map.has(same)) this.map.add(same);
      same.names.add(requested);
      return same;
    }
    const { path, name, links, how } = hit;
    const mapped: Mapped = {
      object: { path, name, requested, wantedBy: requester?.object.path, how, elf, links },
      identity: hit.file.identity,
      origin: parentPath(absoluteDirectory(name, this.setting.cwd) as ImagePath),
      loader: isRoot ? undefined : requester,
      names: new Set([requested, name]),
    };
    this.map.add(mapped);
    return mapped;
  }

  #noteFiles(hit: Hit, requested: string, requester: Mapped | undefined): void {
    const by = requester?.object.path;
    const rule = hit.how === 'preload' ? 'preload' : 'library';
    const detail = `${rule === 'preload' ? 'preload' : 'DT_NEEDED'} ${requested}, ${foundThrough[hit.how]}`;
    this.addFile({ path: hit.path, because: { rule, by, detail } });
    for (const path of hit.links)
      this.addFile({ path, because: { rule, by, detail: `a link on the way to ${hit.path}` } });
    this.noteWay(hit.name, { rule, by, detail: `on the way to ${hit.name}` });
    const list = this.search.listPath;
    if (!hit.needsList || list === undefined) return;
    this.#waypoints.set(list, { rule: 'loader-list', by, detail: `nothing else leads the loader to ${hit.name}` });
  }
}

const foundThrough: Readonly<Record<HowFound, string>> = {
  program: 'the program',
  interpreter: 'the loader',
  preload: 'loaded before all others',
  rpath: 'found through DT_RPATH',
  runpath: 'found through DT_RUNPATH',
  LD_LIBRARY_PATH: 'found through LD_LIBRARY_PATH',
  cache: 'found through ld.so.cache',
  default: 'found in a directory that the loader searches',
  path: 'named by its path',
};

function wishesOf({ object }: Mapped): Wish[] {
  const { needed = [], filters = [], auxiliaries = [] } = object.elf.dynamic ?? {};
  return [
    ...needed.map((name) => ({ name, isOptional: false })),
    ...filters.map((name) => ({ name, isOptional: false, isFilter: true })),
    ...auxiliaries.map((name) => ({ name, isOptional: true, isFilter: true })),
  ];
}

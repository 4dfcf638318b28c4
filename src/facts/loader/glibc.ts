import { type ImagePath, imagePath } from '../../kit/index.ts';
import type { HowFound } from './answer.ts';
import { chooseEntry } from './cache-choice.ts';
import { levelDirectories } from './levels.ts';
import type { LinkMap, Mapped } from './link-map.ts';
import {
  Attempt,
  absoluteDirectory,
  type Hit,
  joinPath,
  type Outcome,
  type Search,
  type SearchSetting,
} from './search.ts';
import { SearchList } from './search-list.ts';
import { expandTokens, splitSearchPath, type Tokens } from './search-path.ts';

/**
 * Look-ups as in glibc's ld.so (ld.so(8)): DT_RPATH of the requester and of those that loaded it, unless the requester
 * has DT_RUNPATH; LD_LIBRARY_PATH; DT_RUNPATH of the requester alone; the cache; the directories in the loader.
 */
export class GlibcSearch implements Search {
  readonly #setting: SearchSetting;
  readonly #rpaths = new WeakMap<Mapped, SearchList>();
  readonly #runpaths = new WeakMap<Mapped, SearchList>();
  readonly #defaults: SearchList;
  #environment: SearchList | undefined;
  readonly listPath: string;

  constructor(setting: SearchSetting) {
    this.#setting = setting;
    this.listPath = setting.profile.cachePath;
    this.#defaults = this.#list('default', setting.profile.defaultDirectories);
  }

  known(name: string, map: LinkMap): Mapped | undefined {
    return map.find(({ names, object }) => names.has(name) || object.elf.dynamic?.soname === name);
  }

  mayBeFoundAgain(): boolean {
    return true;
  }

  expandName(name: string, requester: Mapped): string | undefined {
    const expanded = this.#expand(name, requester);
    return expanded === '' ? undefined : expanded;
  }

  async find(name: string, requester: Mapped | undefined): Promise<Outcome> {
    const attempt = new Attempt(this.#setting);
    if (name.includes('/')) return this.#atPath(name, attempt);
    const copies: Hit[] = [];
    for (const list of this.#listsFor(requester)) {
      const hit = await this.#inList(list, { name, attempt, copies });
      if (hit !== undefined) return { hit, copies };
      if (attempt.isOver) return attempt.result();
    }
    const isWithoutDefaults = requester?.object.elf.dynamic?.noDefaultLibs ?? false;
    const cached = await this.#inCache({ name, attempt, copies }, isWithoutDefaults);
    if (cached !== undefined) return { hit: cached, copies };
    if (attempt.isOver || isWithoutDefaults) return attempt.result();
    const hit = await this.#inList(this.#defaults, { name, attempt, copies });
    return hit === undefined ? attempt.result() : { hit, copies };
  }

  async #atPath(name: string, attempt: Attempt): Promise<Outcome> {
    const hit = await attempt.open(absoluteDirectory(name, this.#setting.cwd), 'path');
    if (hit === undefined || hit === 'loop') return attempt.result();
    return { hit: { ...hit, name }, copies: [] };
  }

  #listsFor(requester: Mapped | undefined): SearchList[] {
    const program = this.#setting.program();
    const lists: SearchList[] = [];
    if (requester?.object.elf.dynamic?.runpath === undefined) {
      for (const mapped of inheritanceOf(requester, program)) lists.push(this.#rpathOf(mapped));
    }
    this.#environment ??= this.#list('LD_LIBRARY_PATH', this.#split(this.#setting.libraryPath, program, ':;'));
    lists.push(this.#environment);
    if (requester !== undefined) lists.push(this.#runpathOf(requester));
    return lists;
  }

  #rpathOf(mapped: Mapped): SearchList {
    const dynamic = mapped.object.elf.dynamic;
    const text = dynamic?.runpath === undefined ? dynamic?.rpath : undefined;
    const list = this.#rpaths.get(mapped) ?? this.#list('rpath', this.#split(text, mapped, ':'));
    this.#rpaths.set(mapped, list);
    return list;
  }

  #runpathOf(mapped: Mapped): SearchList {
    const text = mapped.object.elf.dynamic?.runpath;
    const list = this.#runpaths.get(mapped) ?? this.#list('runpath', this.#split(text, mapped, ':'));
    this.#runpaths.set(mapped, list);
    return list;
  }

  #list(how: HowFound, directories: readonly string[]): SearchList {
    return new SearchList(how, directories, (directory) => levelDirectories(this.#setting, directory));
  }

  #split(text: string | undefined, mapped: Mapped, separators: ':' | ':;'): string[] {
    const elements = splitSearchPath(text ?? '', separators).flatMap((element) => {
      if (element === '') return [''];
      const expanded = this.#expand(element, mapped);
      return expanded === undefined || expanded === '' ? [] : [expanded];
    });
    return elements.map((element) => absoluteDirectory(element, this.#setting.cwd));
  }

  #expand(text: string, mapped: Mapped): string | undefined {
    const { profile, secure } = this.#setting;
    const tokens: Tokens = { origin: mapped.origin, lib: profile.lib, platform: profile.machine.platform };
    const expanded = expandTokens(text, tokens);
    if (!secure || expanded === undefined || mapped.loader !== undefined || !text.includes('ORIGIN')) return expanded;
    return isTrusted(text, expanded, profile.defaultDirectories) ? expanded : undefined;
  }

  async #inList(list: SearchList, { name, attempt, copies }: Wanted): Promise<Hit | undefined> {
    for (const place of await attempt.enter(list)) {
      const by = place.isForAll ? attempt : new Attempt(this.#setting);
      const hit = await by.open(joinPath(place.path, name), list.how);
      if (hit === 'loop') return undefined;
      if (hit !== undefined && place.isForAll) return hit;
      if (hit !== undefined) copies.push(hit);
      if (attempt.isOver) return undefined;
    }
    return undefined;
  }

  async #inCache({ name, attempt, copies }: Wanted, isWithoutDefaults: boolean): Promise<Hit | undefined> {
    const { files, profile, cpu } = this.#setting;
    const cache = await files.cache(profile.cachePath, profile.littleEndian);
    if (cache === undefined) return undefined;
    const { best, others } = chooseEntry(cache.find(name), profile, cpu ?? []);
    const isDefault = (path: string): boolean =>
      profile.defaultDirectories.some((directory) => path.startsWith(`${directory}/`));
    const open = (path: string, by: Attempt): ReturnType<Attempt['open']> =>
      by.open(path, 'cache', !profile.defaultDirectories.includes(directoryOf(path)));
    if (cpu === undefined) {
      for (const { path } of others) {
        const copy = isWithoutDefaults && isDefault(path) ? undefined : await open(path, new Attempt(this.#setting));
        if (copy !== undefined && copy !== 'loop') copies.push(copy);
      }
    }
    if (best === undefined || (isWithoutDefaults && isDefault(best.path))) return undefined;
    const hit = await open(best.path, attempt);
    return hit === 'loop' ? undefined : hit;
  }
}

interface Wanted {
  readonly name: string;
  readonly attempt: Attempt;
  readonly copies: Hit[];
}

/** The objects whose DT_RPATH counts: the requester, who loaded it, and so on; the program once, last. */
function inheritanceOf(requester: Mapped | undefined, program: Mapped): Mapped[] {
  const chain: Mapped[] = [];
  for (let mapped = requester; mapped !== undefined; mapped = mapped.loader) chain.push(mapped);
  return chain.some(({ object }) => object === program.object) ? chain : [...chain, program];
}

/** In secure mode `$ORIGIN` counts at the beginning only, and where it leads below a directory of the loader's. */
function isTrusted(text: string, expanded: string, trusted: readonly string[]): boolean {
  if (!/^\$(ORIGIN|\{ORIGIN\})(\/|$)/.test(text)) return false;
  const path = `${imagePath(expanded)}/`;
  return trusted.some((directory) => path.startsWith(`${directory}/`));
}

const directoryOf = (path: string): ImagePath => path.slice(0, path.lastIndexOf('/')) as ImagePath;

import { type ImagePath, imagePath } from '../../kit/index.ts';
import type { HowFound } from './answer.ts';
import { chooseEntry } from './cache-choice.ts';
import { type LevelDirectory, levelDirectories } from './levels.ts';
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
import { expandTokens, splitSearchPath, type Tokens } from './search-path.ts';

/**
 * Look-ups as in glibc's ld.so (ld.so(8)): DT_RPATH of the requester and of those that loaded it, unless the requester
 * has DT_RUNPATH; LD_LIBRARY_PATH; DT_RUNPATH of the requester alone; the cache; the directories in the loader.
 */
export class GlibcSearch implements Search {
  readonly #setting: SearchSetting;
  readonly #levels = new Map<string, Promise<readonly LevelDirectory[]>>();
  readonly listPath: string;

  constructor(setting: SearchSetting) {
    this.#setting = setting;
    this.listPath = setting.profile.cachePath;
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
    const defaults = { how: 'default', directories: this.#setting.profile.defaultDirectories } as const;
    const hit = await this.#inList(defaults, { name, attempt, copies });
    return hit === undefined ? attempt.result() : { hit, copies };
  }

  async #atPath(name: string, attempt: Attempt): Promise<Outcome> {
    const hit = await attempt.open(absoluteDirectory(name, this.#setting.cwd), 'path');
    if (hit === undefined || hit === 'loop') return attempt.result();
    return { hit: { ...hit, name }, copies: [] };
  }

  #listsFor(requester: Mapped | undefined): List[] {
    const lists: List[] = [];
    if (requester?.object.elf.dynamic?.runpath === undefined) {
      for (const mapped of inheritanceOf(requester, this.#setting.program())) {
        const rpath = mapped.object.elf.dynamic?.runpath === undefined ? mapped.object.elf.dynamic?.rpath : undefined;
        lists.push({ how: 'rpath', directories: this.#split(rpath, mapped, ':') });
      }
    }
    const { libraryPath } = this.#setting;
    lists.push({ how: 'LD_LIBRARY_PATH', directories: this.#split(libraryPath, this.#setting.program(), ':;') });
    if (requester !== undefined) {
      const runpath = requester.object.elf.dynamic?.runpath;
      lists.push({ how: 'runpath', directories: this.#split(runpath, requester, ':') });
    }
    return lists;
  }

  #split(text: string | undefined, mapped: Mapped, separators: ':' | ':;'): string[] {
    const elements = splitSearchPath(text ?? '', separators).flatMap((element) => {
      if (element === '') return [''];
      const expanded = this.#expand(element, mapped);
      return expanded === undefined || expanded === '' ? [] : [expanded];
    });
    return [...new Set(elements.map((element) => absoluteDirectory(element, this.#setting.cwd)))];
  }

  #expand(text: string, mapped: Mapped): string | undefined {
    const { profile, secure } = this.#setting;
    const tokens: Tokens = { origin: mapped.origin, lib: profile.lib, platform: profile.machine.platform };
    const expanded = expandTokens(text, tokens);
    if (!secure || expanded === undefined || mapped.loader !== undefined || !text.includes('ORIGIN')) return expanded;
    return isTrusted(text, expanded, profile.defaultDirectories) ? expanded : undefined;
  }

  async #inList({ directories, how }: List, { name, attempt, copies }: Wanted): Promise<Hit | undefined> {
    for (const directory of directories) {
      attempt.noteDirectory(directory);
      for (const level of await this.#levelsOf(directory)) {
        const path = joinPath(level.path, name);
        const hit = await (level.isForAll ? attempt : new Attempt(this.#setting)).open(path, how);
        if (hit === 'loop') return undefined;
        if (hit !== undefined && level.isForAll) return hit;
        if (hit !== undefined) copies.push(hit);
        if (attempt.isOver) return undefined;
      }
    }
    return undefined;
  }

  #levelsOf(directory: string): Promise<readonly LevelDirectory[]> {
    const known = this.#levels.get(directory) ?? levelDirectories(this.#setting, directory);
    this.#levels.set(directory, known);
    return known;
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

interface List {
  readonly how: HowFound;
  readonly directories: readonly string[];
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

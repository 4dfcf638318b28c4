import type { HowFound } from './answer.ts';
import type { LinkMap, Mapped } from './link-map.ts';
import { muslPathFile } from './profile.ts';
import { Attempt, absoluteDirectory, joinPath, type Outcome, type Search, type SearchSetting } from './search.ts';
import { SearchList } from './search-list.ts';
import { expandOrigin, splitMuslPath } from './search-path.ts';

/** Libraries that musl is itself, whatever comes after the dot. */
const ownLibraries = /^lib(c|pthread|rt|m|dl|util|xnet)\./;
const pathFileLimitBytes = 1024 * 1024;
const nameLimitBytes = 255;

/**
 * Look-ups as in musl's ldso (ldso/dynlink.c): LD_LIBRARY_PATH, DT_RUNPATH or DT_RPATH of the requester and of those
 * that loaded it, then the path file or else /lib:/usr/local/lib:/usr/lib. The first file that opens is the one.
 */
export class MuslSearch implements Search {
  readonly #setting: SearchSetting;
  readonly #paths = new WeakMap<Mapped, SearchList>();
  readonly #environment: SearchList;
  #systemPath: Promise<SearchList> | undefined;
  readonly listPath: string;

  constructor(setting: SearchSetting) {
    this.#setting = setting;
    this.listPath = muslPathFile(setting.loaderName, setting.profile.machine.muslArch);
    this.#environment = this.#list('LD_LIBRARY_PATH', setting.libraryPath);
  }

  known(name: string, map: LinkMap): Mapped | undefined {
    if (ownLibraries.test(name) || name === this.#setting.loaderName) return map.interpreter;
    if (name.includes('/')) return undefined;
    return map.listed.find((mapped) => mapped.names.has(name) && this.mayBeFoundAgain(mapped));
  }

  /** The program answers to no name, and a library that is started as one is loaded again when others need it. */
  mayBeFoundAgain({ object }: Mapped): boolean {
    return object !== this.#setting.program().object;
  }

  expandName(name: string): string | undefined {
    return name === '' ? undefined : name;
  }

  async find(name: string, requester: Mapped | undefined): Promise<Outcome> {
    const attempt = new Attempt(this.#setting);
    if (name.includes('/')) {
      const hit = await attempt.open(absoluteDirectory(name, this.#setting.cwd), 'path');
      return hit === undefined || hit === 'loop' ? attempt.result() : { hit: { ...hit, name }, copies: [] };
    }
    if (Buffer.byteLength(name) > nameLimitBytes) return attempt.result();
    for (const list of await this.#listsFor(requester)) {
      for (const { path } of await attempt.enter(list)) {
        const hit = await attempt.open(joinPath(path, name), list.how, this.#needsList(list.how, path));
        if (hit === 'loop') return attempt.result();
        if (hit !== undefined) return { hit, copies: [] };
        attempt.endIfRejected();
        if (attempt.isOver) return attempt.result();
      }
    }
    return attempt.result();
  }

  /** Whether only the path file leads there. */
  #needsList(how: HowFound, directory: string): boolean {
    return how === 'default' && !this.#setting.profile.defaultDirectories.includes(directory);
  }

  async #listsFor(requester: Mapped | undefined): Promise<SearchList[]> {
    const lists = [this.#environment];
    for (let mapped = requester; mapped !== undefined; mapped = mapped.loader) lists.push(this.#pathOf(mapped));
    this.#systemPath ??= this.#readSystemPath();
    return [...lists, await this.#systemPath];
  }

  #pathOf(mapped: Mapped): SearchList {
    const { runpath, rpath } = mapped.object.elf.dynamic ?? {};
    const how = runpath === undefined ? 'rpath' : 'runpath';
    const list = this.#paths.get(mapped) ?? this.#list(how, expandOrigin(runpath ?? rpath ?? '', mapped.origin) ?? '');
    this.#paths.set(mapped, list);
    return list;
  }

  async #readSystemPath(): Promise<SearchList> {
    const { files, profile } = this.#setting;
    const opened = await files.open(this.listPath);
    if (opened.is === 'absent') return this.#list('default', profile.defaultDirectories.join(':'));
    // One that is there and cannot be read leaves musl without any directory.
    const text = await files.read(this.listPath, pathFileLimitBytes);
    return this.#list('default', text?.toString('utf8') ?? '');
  }

  #list(how: HowFound, path: string): SearchList {
    const { cwd, files } = this.#setting;
    const directories = splitMuslPath(path).map((directory) => absoluteDirectory(directory, cwd));
    return new SearchList(how, directories, async (directory) =>
      (await files.directoryAt(directory)) === 'absent' ? [] : [{ path: directory, isForAll: true }],
    );
  }
}

import type { HowFound } from './answer.ts';
import type { LinkMap, Mapped } from './link-map.ts';
import { muslPathFile } from './profile.ts';
import { Attempt, absoluteDirectory, joinPath, type Outcome, type Search, type SearchSetting } from './search.ts';
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
  #systemPath: Promise<readonly string[]> | undefined;
  readonly listPath: string;

  constructor(setting: SearchSetting) {
    this.#setting = setting;
    this.listPath = muslPathFile(setting.loaderName, setting.profile.machine.muslArch);
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
    for (const { directories, how } of await this.#listsFor(requester)) {
      for (const directory of directories) {
        attempt.noteDirectory(directory);
        const hit = await attempt.open(joinPath(directory, name), how, this.#needsList(how, directory));
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

  async #listsFor(requester: Mapped | undefined): Promise<List[]> {
    const lists: List[] = [{ how: 'LD_LIBRARY_PATH', directories: splitMuslPath(this.#setting.libraryPath) }];
    for (let mapped = requester; mapped !== undefined; mapped = mapped.loader) {
      const dynamic = mapped.object.elf.dynamic;
      const path = dynamic?.runpath ?? dynamic?.rpath ?? '';
      const how = dynamic?.runpath === undefined ? 'rpath' : 'runpath';
      lists.push({ how, directories: splitMuslPath(expandOrigin(path, mapped.origin) ?? '') });
    }
    this.#systemPath ??= this.#readSystemPath();
    lists.push({ how: 'default', directories: await this.#systemPath });
    return lists.map(({ how, directories }) => ({
      how,
      directories: directories.map((directory) => absoluteDirectory(directory, this.#setting.cwd)),
    }));
  }

  async #readSystemPath(): Promise<readonly string[]> {
    const { files, profile } = this.#setting;
    const opened = await files.open(this.listPath);
    if (opened.is === 'absent') return profile.defaultDirectories;
    // One that is there and cannot be read leaves musl without any directory.
    const text = await files.read(this.listPath, pathFileLimitBytes);
    return splitMuslPath(text?.toString('utf8') ?? '');
  }
}

interface List {
  readonly how: HowFound;
  readonly directories: readonly string[];
}

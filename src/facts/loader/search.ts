import { Fault, type ImagePath, trimEndOf } from '../../kit/index.ts';
import type { HowFound, MissingLibrary } from './answer.ts';
import { type Host, judgeLibrary } from './candidate.ts';
import type { LibraryFile, LibraryFiles } from './library-files.ts';
import type { LinkMap, Mapped } from './link-map.ts';
import type { LoaderProfile } from './profile.ts';
import type { SearchList, SearchPlace } from './search-list.ts';

/** A library that may be loaded, and the path by which it was opened. */
export interface Hit {
  readonly name: string;
  readonly path: ImagePath;
  readonly links: readonly ImagePath[];
  readonly file: LibraryFile;
  readonly how: HowFound;
  /** Whether the library would not be found without the loader's cache or path file. */
  readonly needsList: boolean;
}

export type Outcome =
  | { readonly hit: Hit /** The same for better CPUs. */; readonly copies: readonly Hit[] }
  | { readonly hit: undefined; readonly missing: Omit<MissingLibrary, 'name' | 'wantedBy'> };

/** How one kind of loader finds libraries. */
export interface Search {
  /** The object that stands for a name without a search. */
  known(name: string, map: LinkMap): Mapped | undefined;
  /** `requester` is undefined where nothing asks but the environment. */
  find(name: string, requester: Mapped | undefined): Promise<Outcome>;
  /** Whether a search that ends at the file of this object gives the object, and not a second copy of it. */
  mayBeFoundAgain(mapped: Mapped): boolean;
  /** A DT_NEEDED entry as it is looked for; undefined when it names nothing. */
  expandName(name: string, requester: Mapped): string | undefined;
  /** The file that lists directories or libraries, where there is one. */
  readonly listPath: string | undefined;
}

/** What all look-ups of one process share. */
export interface SearchSetting {
  readonly files: LibraryFiles;
  readonly profile: LoaderProfile;
  readonly host: Host;
  readonly budget: Budget;
  /** LD_LIBRARY_PATH, where it counts. */
  readonly libraryPath: string;
  readonly secure: boolean;
  readonly cwd: ImagePath;
  /** Levels of the CPU; undefined for any CPU. */
  readonly cpu: readonly string[] | undefined;
  readonly loaderName: string;
  readonly program: () => Mapped;
}

/** No honest program comes near; it ends what a made-up one could ask for. */
const openLimit = 100_000;
/** As many directories as a message could name. */
const searchedLimit = 100;

/** Opens candidates for one name, and remembers why none was taken. */
export class Attempt {
  readonly #setting: SearchSetting;
  readonly #searched: SearchList[] = [];
  #rejected: Pick<MissingLibrary, 'problem' | 'at' | 'detail'> | undefined;
  #isOver = false;

  constructor(setting: SearchSetting) {
    this.#setting = setting;
  }

  /** Whether a file was found that ends the start. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** The directories of a list that can be looked into; the list is remembered as searched. */
  enter(list: SearchList): Promise<readonly SearchPlace[]> {
    this.#searched.push(list);
    return list.places(this.#setting.budget);
  }

  /** The library at an absolute path, if it can be loaded. `loop` stops the list of directories. */
  async open(path: string, how: HowFound, needsList = false): Promise<Hit | 'loop' | undefined> {
    this.#setting.budget.spend();
    const opened = await this.#setting.files.open(path);
    if (opened.is === 'loop') return 'loop';
    if (opened.is === 'denied')
      this.#reject({ problem: 'denied', at: path as ImagePath, detail: 'it may not be read' });
    if (opened.is !== 'file') return undefined;
    const verdict = judgeLibrary(opened.file, this.#setting.host, this.#setting.profile.machine.abiFlags);
    if (verdict.is === 'good') {
      return { name: path, path: opened.path, links: opened.links, file: opened.file, how, needsList };
    }
    const problem = verdict.is === 'other' ? 'other-machine' : 'invalid';
    if (problem === 'invalid') this.#isOver = true;
    this.#reject({ problem, at: opened.path, detail: verdict.detail });
    return undefined;
  }

  /** Makes what was just passed over the end of the search: musl takes the first file of the name. */
  endIfRejected(): void {
    const problem = this.#rejected?.problem;
    if (problem === 'other-machine' || problem === 'invalid') this.#isOver = true;
  }

  result(): Outcome {
    const rejected = this.#rejected ?? { problem: 'absent' as const, at: undefined, detail: 'there is no such file' };
    const searched = new Set(this.#searched.flatMap(({ directories }) => directories.slice(0, searchedLimit)));
    return { hit: undefined, missing: { ...rejected, searched: [...searched].slice(0, searchedLimit) } };
  }

  #reject(why: Pick<MissingLibrary, 'problem' | 'at' | 'detail'>): void {
    if (this.#rejected === undefined || why.problem === 'invalid') this.#rejected = why;
  }
}

/** Counts what one question makes a loader open. */
export class Budget {
  #left = openLimit;

  renew(): void {
    this.#left = openLimit;
  }

  /** @throws {Fault} TOO_LARGE */
  spend(): void {
    if (--this.#left >= 0) return;
    throw new Fault('TOO_LARGE', 'a program asks for more library look-ups than any real one', {
      hint: 'The files were made to keep tools busy; do not use them.',
    });
  }
}

/** An element of a search path as an absolute path without a slash at its end. */
export function absoluteDirectory(element: string, cwd: ImagePath): string {
  const path = element.startsWith('/') ? element : `${cwd === '/' ? '' : cwd}/${element}`;
  return path[0] + trimEndOf(path.slice(1), '/');
}

export const joinPath = (directory: string, name: string): string =>
  directory === '/' ? `/${name}` : `${directory}/${name}`;

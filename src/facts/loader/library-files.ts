import { type Elf, parseElf } from '../../formats/elf/index.ts';
import { childPath, type ImagePath, isFault, readAll } from '../../kit/index.ts';
import {
  type Credentials,
  type FileNode,
  type FileTree,
  mayRead,
  type Resolution,
  resolve,
} from '../../rootfs/index.ts';
import { type LoaderCache, parseLoaderCache } from './cache.ts';
import type { LoaderProfile } from './profile.ts';

/** What stands at a path, for a loader that opens it. */
export type Opened =
  | { readonly is: 'absent' | 'denied' | 'loop' }
  | { readonly is: 'file'; readonly path: ImagePath; readonly links: readonly ImagePath[]; readonly file: LibraryFile };

/** A file that was opened, and its ELF facts, or what it is instead. */
export interface LibraryFile {
  readonly path: ImagePath;
  /** Equal for all names of the same file. */
  readonly identity: string;
  readonly node: FileNode;
  readonly elf: Elf | undefined;
  /** Why there is no `elf`: `it is a directory`. */
  readonly problem: string;
}

const cacheLimitBytes = 64 * 1024 * 1024;
const memory = new WeakMap<FileTree, Map<string, LibraryFiles>>();
const profilesOfTree = new WeakMap<FileTree, Map<string, Promise<LoaderProfile>>>();
const parsed = new WeakMap<FileTree, Map<ImagePath, Promise<LibraryFile>>>();

/** The files of one tree as loaders open them. Each library is parsed once per tree, whoever asks. */
export class LibraryFiles {
  readonly tree: FileTree;
  readonly #as: Credentials | undefined;
  readonly #directories = new Map<string, Promise<Resolution>>();
  readonly #opened = new Map<string, Opened>();
  readonly #parsed: Map<ImagePath, Promise<LibraryFile>>;
  readonly #caches = new Map<string, Promise<LoaderCache | undefined>>();

  static of(tree: FileTree, as: Credentials | undefined): LibraryFiles {
    const byUser = entryOf(memory, tree, () => new Map<string, LibraryFiles>());
    const key = as === undefined ? '' : `${as.uid}:${as.gids.join()}`;
    return entryOf(byUser, key, () => new LibraryFiles(tree, as));
  }

  constructor(tree: FileTree, as: Credentials | undefined) {
    this.tree = tree;
    this.#as = as;
    this.#parsed = entryOf(parsed, tree, () => new Map());
  }

  /** What is known of the loader that `key` names; `find` is asked once per tree, whoever the user is. */
  profileOf(key: string, find: () => Promise<LoaderProfile>): Promise<LoaderProfile> {
    const profiles = entryOf(profilesOfTree, this.tree, () => new Map<string, Promise<LoaderProfile>>());
    return entryOf(profiles, key, find);
  }

  /** Opens an absolute path as the kernel would, and reads its headers. */
  async open(path: string): Promise<Opened> {
    const known = this.#opened.get(path);
    if (known !== undefined) return known;
    const opened = await this.#open(path);
    // What is not there is not kept: a made-up search path could name millions of places.
    if (opened.is === 'file') this.#opened.set(path, opened);
    return opened;
  }

  /** Whether a directory can be looked into, links followed; `denied` where the way to it is closed. */
  async directoryAt(path: string): Promise<'directory' | 'denied' | 'absent'> {
    const found = await this.#directory(path);
    if (found.found) return found.node.kind === 'directory' ? 'directory' : 'absent';
    return found.problem === 'denied' ? 'denied' : 'absent';
  }

  /** The cache at `path`; undefined where ld.so would go on without it. */
  cache(path: string, littleEndian: boolean): Promise<LoaderCache | undefined> {
    return entryOf(this.#caches, `${littleEndian} ${path}`, async () => {
      const bytes = await this.read(path, cacheLimitBytes);
      return bytes && parseLoaderCache(bytes, littleEndian);
    });
  }

  /** The content of a small file that may be read; undefined else. */
  async read(path: string, limitBytes: number): Promise<Buffer | undefined> {
    const found = await resolve(this.tree, path, this.#options());
    if (!found.found || found.node.kind !== 'file' || found.node.sizeBytes > limitBytes) return undefined;
    return isReadable(found.node, this.#as) ? readAll(found.node.content, limitBytes) : undefined;
  }

  async #open(path: string): Promise<Opened> {
    const slash = path.lastIndexOf('/');
    const directory = await this.#directory(path.slice(0, slash + 1));
    if (!directory.found) return { is: closedReasons[directory.problem] };
    const name = path.slice(slash + 1);
    if (name === '' || name === '.' || name === '..') return this.#openResolved(path);
    const real = childPath(directory.path, name);
    const node = await this.tree.lookup(real);
    if (node?.kind === 'symlink' || this.#as !== undefined) return this.#openResolved(path);
    return node === undefined ? { is: 'absent' } : this.#read(real, node, directory.links);
  }

  async #openResolved(path: string): Promise<Opened> {
    const found = await resolve(this.tree, path, this.#options());
    if (!found.found) return { is: closedReasons[found.problem] };
    return this.#read(found.path, found.node, found.links);
  }

  async #read(path: ImagePath, node: FileNode, links: readonly ImagePath[]): Promise<Opened> {
    if (!isReadable(node, this.#as)) return { is: 'denied' };
    const file = await entryOf(this.#parsed, path, () => readLibrary(path, node));
    return { is: 'file', path, links, file };
  }

  #directory(path: string): Promise<Resolution> {
    return entryOf(this.#directories, path, () => resolve(this.tree, path, this.#options()));
  }

  #options(): { as?: Credentials } {
    return this.#as === undefined ? {} : { as: this.#as };
  }
}

const closedReasons = { missing: 'absent', 'not-a-directory': 'absent', denied: 'denied', loop: 'loop' } as const;

async function readLibrary(path: ImagePath, node: FileNode): Promise<LibraryFile> {
  const file = { path, identity: node.identity ?? path, node };
  if (node.kind !== 'file') return { ...file, elf: undefined, problem: `it is a ${node.kind}` };
  if (node.sizeBytes === 0) return { ...file, elf: undefined, problem: 'it is empty' };
  try {
    const elf = await parseElf(node.content);
    return { ...file, elf, problem: elf === undefined ? 'it is not an ELF file' : '' };
  } catch (error) {
    if (!isFault(error, 'ELF_MALFORMED')) throw error;
    return { ...file, elf: undefined, problem: `it is damaged: ${error.message}` };
  }
}

const isReadable = (node: FileNode, as: Credentials | undefined): boolean => as === undefined || mayRead(node, as);

interface Memory<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

function entryOf<K, V>(known: Memory<K, V>, key: K, make: () => V): V {
  const value = known.get(key);
  if (value !== undefined) return value;
  const made = make();
  known.set(key, made);
  return made;
}

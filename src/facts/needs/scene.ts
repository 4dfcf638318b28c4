import { childPath, type ImagePath, imagePath, parentPath } from '../../kit/index.ts';
import { type FileTree, type Resolution, resolve } from '../../rootfs/index.ts';
import { type Package, type PackageDatabase, packagesOf } from '../packages/index.ts';
import { readSmall } from '../read.ts';
import { type Related, relatedOf } from './related.ts';

type Found = Extract<Resolution, { found: true }>;

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const usualFolders = ['/usr/local/lib', '/lib64', '/usr/lib64', '/lib', '/usr/lib'].map(imagePath);

/** What all rules share: the tree, and answers that would be costly to find twice. */
export class Scene {
  readonly tree: FileTree;
  readonly env: Readonly<Record<string, string>>;
  readonly program: ImagePath;
  readonly args: readonly string[];
  /** Real paths of everything chosen so far. */
  readonly chosen: ReadonlyMap<ImagePath, unknown>;
  readonly notes = new Set<string>();
  /** Packages whose data was looked at. */
  readonly packagesWithData = new Set<Package>();
  #packages: Promise<PackageDatabase | undefined> | undefined;
  readonly #loaders = new Set<ImagePath>();
  #folders: { readonly of: number; readonly paths: readonly ImagePath[] } | undefined;
  readonly #found = new Map<string, Promise<Found | undefined>>();
  readonly #related = new Map<string, Promise<Related>>();

  constructor(tree: FileTree, about: Pick<Scene, 'env' | 'program' | 'args' | 'chosen'>) {
    this.tree = tree;
    this.env = about.env;
    this.program = about.program;
    this.args = about.args;
    this.chosen = about.chosen;
  }

  /** Follows a path as the kernel does; undefined when it leads nowhere. */
  find(path: string): Promise<Found | undefined> {
    const known = this.#found.get(path) ?? this.#resolve(path);
    this.#found.set(path, known);
    return known;
  }

  async findFile(path: string): Promise<Found | undefined> {
    const found = await this.find(path);
    return found?.node.kind === 'file' ? found : undefined;
  }

  async findDirectory(path: string): Promise<Found | undefined> {
    const found = await this.find(path);
    return found?.node.kind === 'directory' ? found : undefined;
  }

  /** Names in a directory, links on the way followed. */
  async namesIn(path: string): Promise<readonly string[]> {
    const found = await this.findDirectory(path);
    return found === undefined ? [] : this.tree.list(found.path);
  }

  /** The first executable file of that name in PATH. */
  async findCommand(name: string): Promise<ImagePath | undefined> {
    for (const folder of (this.env['PATH'] ?? defaultPath).split(':')) {
      const path = childPath(imagePath(folder), name);
      const found = await this.findFile(path);
      if (found !== undefined && (found.node.mode & 0o111) !== 0) return path;
    }
    return undefined;
  }

  /** A library by its file name, in the folders of the libraries chosen so far and the usual ones. */
  async findLibrary(name: string): Promise<ImagePath | undefined> {
    for (const folder of this.libraryFolders()) {
      const path = childPath(folder, name);
      if ((await this.findFile(path)) !== undefined) return path;
    }
    return undefined;
  }

  /** Where the loader and libc of the programs so far stand, and the usual places. */
  libraryFolders(): readonly ImagePath[] {
    if (this.#folders?.of !== this.#loaders.size) {
      const folders = new Set([...this.#loaders].map(parentPath));
      this.#folders = { of: this.#loaders.size, paths: [...folders, ...usualFolders] };
    }
    return this.#folders.paths;
  }

  /** Notes the loader's and libc's places. */
  loaded(path: ImagePath): void {
    if (/\/(libc|ld-[\w-]+)\.so|\/ld-musl-|\/libc-2/.test(path)) this.#loaders.add(path);
  }

  read(path: string, limitBytes = 1024 * 1024): Promise<Buffer | undefined> {
    return readSmall(this.tree, path, limitBytes);
  }

  packages(): Promise<PackageDatabase | undefined> {
    this.#packages ??= packagesOf(this.tree);
    return this.#packages;
  }

  async ownerOf(path: ImagePath): Promise<Package | undefined> {
    return (await this.packages())?.ownerOf(path);
  }

  /** The packages around the one that owns `path`; undefined where none does. */
  async relatedTo(path: ImagePath): Promise<Related | undefined> {
    const database = await this.packages();
    const owner = await database?.ownerOf(path);
    if (database === undefined || owner === undefined) return undefined;
    const known = this.#related.get(owner.name) ?? relatedOf(database, owner);
    this.#related.set(owner.name, known);
    return known;
  }

  async #resolve(path: string): Promise<Found | undefined> {
    const found = await resolve(this.tree, imagePath(path));
    return found.found ? found : undefined;
  }
}

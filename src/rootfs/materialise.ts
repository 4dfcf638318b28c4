import { chmodSync, linkSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, resolve as resolvePath } from 'node:path';
import type { TarItem } from '../formats/tar/index.ts';
import { baseName, bytesOfText, errnoOf, Fault, type ImagePath, isFault, parentPath } from '../kit/index.ts';
import { headerOf } from './header.ts';
import type { FileNode, FileTree } from './tree.ts';
import { turnTaker } from './turn.ts';
import { walk } from './walk.ts';
import { describe, writeFile, writeLink } from './write-file.ts';
import { writeSpecials } from './write-special.ts';

export interface MaterialiseOptions {
  /**
   * Whether files get the owners that the tree tells, and xattrs other than `user.*`; needs root.
   * Without it, all belongs to who writes. Default: whether this process is root's.
   */
  readonly owners?: boolean;
  /** What to do with devices, which only root can make. Default: `make`. */
  readonly devices?: 'make' | 'skip';
  readonly signal?: AbortSignal;
}

/**
 * Writes a tree to `dir`, which is not there yet or empty. When it fails, nothing of it is left; a directory that was
 * not there appears only when it is complete. Nothing is written outside: only directories made here are written
 * into, and nothing is opened that is there already. Sockets are left out. Times are exact to a microsecond.
 * @throws {Fault} PLACE_NOT_WRITABLE when `dir` holds something; SYSTEM; UNSUPPORTED for a name no file can have;
 *   ABORTED; and what reading contents throws.
 */
export async function materialise(tree: FileTree, dir: string, options: MaterialiseOptions = {}): Promise<void> {
  const isThere = isEmptyDirectory(dir);
  const place = isThere ? dir : makeSibling(dir);
  const writer = new Writer(place, options);
  try {
    await writer.write(tree, options.signal);
    if (!isThere) renameSync(place, dir);
  } catch (error) {
    writer.remove(isThere);
    throw isFault(error) || errnoOf(error) === undefined ? error : unwritable(dir, error);
  }
}

class Writer {
  readonly #place: string;
  readonly #owners: boolean;
  readonly #skipsDevices: boolean;
  readonly #directories = new Map<ImagePath, FileNode>();
  readonly #specials: TarItem[] = [];
  readonly #firstNames = new Map<string, ImagePath>();
  readonly #links: { readonly path: ImagePath; readonly first: ImagePath }[] = [];

  constructor(place: string, { owners, devices }: MaterialiseOptions) {
    this.#place = place;
    this.#owners = owners ?? process.geteuid?.() === 0;
    this.#skipsDevices = devices === 'skip';
  }

  async write(tree: FileTree, signal: AbortSignal | undefined): Promise<void> {
    const takeTurn = turnTaker(signal);
    for await (const { path, node } of walk(tree)) {
      await takeTurn();
      if (path === '/') this.#directories.set(path, node);
      else await this.#add(path, node);
    }
    if (this.#specials.length > 0) await writeSpecials(this.#place, this.#specials, this.#owners);
    for (const { path, first } of this.#links) linkSync(this.#hostPath(first), this.#hostPath(path));
    // From below: what is written into a directory changes its time, and its own mode may forbid it.
    for (const [path, node] of [...this.#directories].reverse()) describe(this.#hostPath(path), node, this.#owners);
  }

  remove(keepsPlace: boolean): void {
    for (const path of this.#directories.keys()) chmodSync(this.#hostPath(path), 0o700);
    if (!keepsPlace) rmSync(this.#place, { recursive: true, force: true });
    else
      for (const name of readdirSync(this.#place)) rmSync(`${this.#place}/${name}`, { recursive: true, force: true });
  }

  async #add(path: ImagePath, node: FileNode): Promise<void> {
    this.#checkName(path);
    if (node.kind === 'directory') return this.#addDirectory(path, node);
    if (node.kind === 'socket' || (this.#skipsDevices && node.device !== undefined)) return;
    const first = node.identity === undefined ? undefined : this.#firstNames.get(node.identity);
    if (first !== undefined) {
      this.#links.push({ path, first });
      return;
    }
    if (node.identity !== undefined) this.#firstNames.set(node.identity, path);
    if (node.kind === 'symlink') writeLink(this.#hostPath(path), node, this.#owners);
    else if (node.kind === 'file' && this.#xattrsOf(node).size === 0)
      await writeFile(this.#hostPath(path), node, this.#owners);
    else this.#addSpecial(path, node);
  }

  #addDirectory(path: ImagePath, node: FileNode): void {
    mkdirSync(this.#hostPath(path), 0o700);
    this.#directories.set(path, node);
    if (this.#xattrsOf(node).size > 0) this.#addSpecial(path, node);
  }

  #addSpecial(path: ImagePath, node: FileNode): void {
    const header = { ...headerOf(path, node), xattrs: this.#xattrsOf(node) };
    this.#specials.push(node.kind === 'file' ? { header, body: node.content } : { header });
  }

  #xattrsOf({ xattrs }: FileNode): FileNode['xattrs'] {
    if (xattrs.size === 0 || this.#owners) return xattrs;
    return new Map([...xattrs].filter(([name]) => name.startsWith('user.')));
  }

  /** A tree may come from anywhere: no name may lead out of the directory that it is in. */
  #checkName(path: ImagePath): void {
    const name = baseName(path);
    if (this.#directories.has(parentPath(path)) && !['', '.', '..'].includes(name) && !name.includes('\0')) return;
    throw new Fault('UNSUPPORTED', `${JSON.stringify(path)} is no name that a file can have`);
  }

  #hostPath(path: ImagePath): string | Buffer {
    const full = path === '/' ? this.#place : this.#place + path;
    return /[\udc80-\udcff]/.test(full) ? bytesOfText(full) : full;
  }
}

/** @returns false when nothing of that name is there. */
function isEmptyDirectory(dir: string): boolean {
  try {
    if (readdirSync(dir).length === 0) return true;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw unwritable(dir, error);
    return false;
  }
  throw new Fault('PLACE_NOT_WRITABLE', `${dir} already holds something`, {
    hint: 'Name a directory that is not there yet, or empty it.',
  });
}

/** A name of its own beside `dir`, so that the whole can be moved to its place at once. */
function makeSibling(dir: string): string {
  const target = resolvePath(dir);
  try {
    mkdirSync(dirname(target), { recursive: true });
    return mkdtempSync(`${target}.new-`);
  } catch (error) {
    throw unwritable(dir, error);
  }
}

function unwritable(dir: string, cause: unknown): Fault {
  const errno = errnoOf(cause) ?? 'unknown error';
  const words = cause instanceof Error ? cause.message : errno;
  return new Fault('SYSTEM', `cannot write the tree to ${dir}: ${words}`, {
    hint: errno === 'EPERM' ? 'Run as root, or write without owners.' : 'Look at free space and permissions there.',
    about: { errno },
    cause,
  });
}

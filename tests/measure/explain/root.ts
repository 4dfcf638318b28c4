import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Content } from './case.ts';

export interface Attributes {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** The root file system of an image that is being made. Paths are absolute in it; links on the way stay inside. */
export class Root {
  readonly dir: string;
  /** Paths that were taken away, for layers that have to say so. */
  readonly removed = new Set<string>();

  constructor(dir: string) {
    this.dir = dir;
  }

  /** The place on the machine of a path; its last component is not followed. */
  at(path: string): string {
    return join(placeInside(this.dir, dirname(path)), posix.basename(path));
  }

  /** The same with all links followed. */
  follow(path: string): string {
    return placeInside(this.dir, path);
  }

  async write(path: string, content: Content, attributes: Attributes = {}): Promise<void> {
    const bytes = typeof content === 'function' ? await content() : content;
    this.parents(path);
    const file = this.at(path);
    rmSync(file, { recursive: true, force: true });
    writeFileSync(file, bytes);
    this.attribute(file, { mode: 0o755, ...attributes });
  }

  directory(path: string, attributes: Attributes = {}): void {
    const file = this.at(path);
    this.parents(path);
    if (lstatSync(file, { throwIfNoEntry: false }) === undefined) mkdirSync(file);
    this.attribute(file, attributes);
  }

  link(path: string, target: string): void {
    this.parents(path);
    rmSync(this.at(path), { recursive: true, force: true });
    symlinkSync(target, this.at(path));
  }

  hardLink(path: string, to: string): void {
    this.parents(path);
    linkSync(this.at(to), this.at(path));
  }

  remove(path: string): void {
    const file = this.at(path);
    lstatSync(file);
    this.removed.add(`/${posix.relative(this.dir, file)}`);
    rmSync(file, { recursive: true });
  }

  /** Sets mode or owner of what is there; links are followed. */
  change(path: string, attributes: Attributes): void {
    this.attribute(this.follow(path), attributes);
  }

  read(path: string): Buffer {
    return readFileSync(this.follow(path));
  }

  node(path: string, ...kind: readonly string[]): void {
    this.parents(path);
    execFileSync('mknod', [this.at(path), ...kind]);
  }

  capability(path: string, text: string): void {
    execFileSync('setcap', [text, this.follow(path)]);
  }

  private parents(path: string): void {
    if (path === '/' || dirname(path) === '/') return;
    const parent = this.at(dirname(path));
    if (lstatSync(parent, { throwIfNoEntry: false }) !== undefined) return;
    this.directory(dirname(path), { mode: 0o755 });
  }

  private attribute(file: string, { mode, uid, gid }: Attributes): void {
    if (uid !== undefined || gid !== undefined) lchownSync(file, uid ?? 0, gid ?? 0);
    if (mode !== undefined) chmodSync(file, mode);
  }
}

/** Nothing where a component on the way is no directory, too. */
export function statOf(place: string): Stats | undefined {
  try {
    return lstatSync(place, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

/** Follows links as chroot would; what does not exist stays as it is named. */
export function placeInside(root: string, path: string, depth = 0): string {
  const real = realpathSync(root);
  let at = '/';
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  for (const [index, part] of parts.entries()) {
    if (part === '..') {
      at = dirname(at);
      continue;
    }
    const next = join(at, part);
    const stats = statOf(real + next);
    if (stats?.isSymbolicLink() && depth < 64) {
      const target = posix.resolve(at, readlinkSync(real + next));
      return placeInside(root, join(target, ...parts.slice(index + 1)), depth + 1);
    }
    at = next;
  }
  return real + at;
}

import type { TarHeader } from '../formats/tar/index.ts';
import { baseName, Fault, type ImagePath, imagePath, parentPath, rootPath, type Source } from '../kit/index.ts';
import { whiteoutPrefix } from './changes.ts';
import { DirectoryFinder } from './follow-entry.ts';
import { unlinkLonely } from './identities.ts';
import { type Entry, makeEntry } from './memory.ts';
import { impliedDirectory, noXattrs } from './node.ts';
import type { FileNode } from './tree.ts';

/** PATH_MAX without its NUL. */
const longestPath = 4095;

/**
 * The tree that layers make, one entry after the other (image-spec v1.1, layer.md, "Applying Changesets").
 *
 * - Names are tidied as text first (`..` cannot leave the root), then symlinks on the way to them are followed inside
 *   the image, as containerd does; directories that are missing become 0755, root's.
 * - An entry replaces what has its name, also a symlink to a directory by a directory; only two directories merge.
 * - Whiteouts and opaque marks hide what lower layers brought, wherever they stand in their layer. (docker's own
 *   unpacking also removes what the same layer wrote before the mark; the specification and umoci do not.)
 * - A hard link takes all metadata from its target, as for GNU tar and umoci.
 * - What AUFS left (`.wh..wh.plnk` and the like) is no part of the tree.
 */
export class LayerStack {
  readonly root: Entry = makeEntry(impliedDirectory);
  readonly #finder = new DirectoryFinder(this.root);
  readonly #mostEntries: number;
  #layer = 0;
  #entries = 0;
  #identities = 0;

  constructor(mostEntries: number) {
    this.#mostEntries = mostEntries;
  }

  beginLayer(): void {
    this.#layer++;
  }

  /**
   * Applies one entry; `content` is what its file holds.
   * @throws {Fault} LAYER_MALFORMED for what no engine unpacks; TOO_LARGE.
   */
  add(header: TarHeader, content: Source): void {
    if (++this.#entries > this.#mostEntries) throw tooMany(this.#mostEntries);
    const path = imagePath(header.path);
    if (header.path.length > longestPath || header.linkTarget.length > longestPath) {
      throw malformed(path.slice(0, 100), 'a name is longer than any system takes');
    }
    if (path.startsWith('/.wh..wh.') && path !== '/.wh..wh..opq') return;
    if (path === rootPath) this.#describeRoot(header);
    else if (baseName(path).startsWith(whiteoutPrefix)) this.#hide(path);
    else if (header.type === 'hardlink') this.#link(path, header.linkTarget);
    else this.#put(path, nodeOf(header, content));
  }

  /** To be called when all layers have passed. */
  finish(): Entry {
    if (this.#identities > 0) unlinkLonely(this.root);
    return this.root;
  }

  #describeRoot(header: TarHeader): void {
    if (header.type !== 'directory') throw malformed('/', 'the root is no directory');
    this.root.node = nodeOf(header, impliedDirectory.content);
  }

  #put(path: ImagePath, node: FileNode): void {
    const siblings = this.#enter(path);
    const name = baseName(path);
    const before = siblings.get(name);
    if (before?.children !== undefined && node.kind === 'directory') {
      before.node = node;
      before.layer = this.#layer;
      return;
    }
    siblings.set(name, { ...makeEntry(node), layer: this.#layer });
  }

  /** What is in the directory that `path` is to stand in, which counts as written from now on. */
  #enter(path: ImagePath): Map<string, Entry> {
    const way = this.#finder.find(parentPath(path), true) ?? [];
    for (let at = way.length - 1; at >= 0; at--) {
      const entry = way[at];
      if (entry === undefined || entry.layer === this.#layer) break;
      entry.layer = this.#layer;
    }
    const children = way.at(-1)?.children;
    if (children === undefined) throw malformed(path, 'it is in no directory');
    return children;
  }

  #link(path: ImagePath, linkTarget: string): void {
    const target = imagePath(linkTarget);
    const found = this.#finder.find(parentPath(target), false)?.at(-1)?.children?.get(baseName(target));
    if (found === undefined || found.node.kind === 'directory') {
      throw malformed(path, `it is a hard link to ${target}, which is ${found ? 'a directory' : 'not there'}`);
    }
    if (this.#enter(path).get(baseName(path)) === found) throw malformed(path, 'it is a hard link to itself');
    if (found.node.identity === undefined) found.node = { ...found.node, identity: `${++this.#identities}` };
    this.#put(path, found.node);
  }

  #hide(path: ImagePath): void {
    const name = baseName(path).slice(whiteoutPrefix.length);
    if (name === '' || name === '.' || name === '..') throw malformed(path, 'it is a whiteout of no name');
    const directory = this.#finder.find(parentPath(path), false)?.at(-1);
    if (directory?.children === undefined) return;
    if (name === '.wh..opq') this.#hideLower(directory);
    if (name.startsWith('.wh.')) return;
    const hidden = directory.children.get(name);
    if (hidden === undefined) return;
    if (hidden.layer !== this.#layer) directory.children.delete(name);
    else this.#hideLower(hidden);
  }

  #hideLower(directory: Entry): void {
    for (const [name, child] of directory.children ?? []) {
      if (child.layer !== this.#layer) directory.children?.delete(name);
      else this.#hideLower(child);
    }
  }
}

function nodeOf(header: TarHeader, content: Source): FileNode {
  const { mode, uid, gid, mtimeSeconds, mtimeNanoseconds, sizeBytes, linkTarget, device } = header;
  if (header.type === 'hardlink') throw new TypeError('a hard link has no node of its own');
  return {
    kind: header.type,
    mode,
    uid,
    gid,
    mtimeSeconds,
    mtimeNanoseconds,
    sizeBytes,
    linkTarget,
    device,
    xattrs: header.xattrs.size === 0 ? noXattrs : header.xattrs,
    identity: undefined,
    content,
  };
}

const malformed = (path: string, why: string): Fault =>
  new Fault('LAYER_MALFORMED', `${path} cannot be unpacked: ${why}`, {
    hint: 'Build the image again; no engine can unpack this layer.',
    about: { path },
  });

const tooMany = (most: number): Fault =>
  new Fault('TOO_LARGE', `an image has more than ${most} entries`, {
    hint: 'Split it, or do not use it: it may have been made to exhaust whoever unpacks it.',
  });

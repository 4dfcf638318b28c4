import { baseName, childPath, Fault, type ImagePath, rootPath } from '../kit/index.ts';
import { topOver } from './overlay.ts';
import { isSameFile, isSameMetadata } from './same-file.ts';
import type { FileNode, FileTree } from './tree.ts';

/** A name of the later tree, as far as it can matter for the layer. */
export interface Change {
  readonly path: ImagePath;
  readonly node: FileNode;
  readonly parent: Change | undefined;
  /** The identity that the name has in the earlier tree. */
  readonly identityBefore: string | undefined;
  /** Whether the layer must have an entry for it. */
  isWritten: boolean;
  /** Names in this directory that only the earlier tree has. */
  removed: readonly string[];
  /** Whether nothing of the earlier tree's directory is in the later one. Never for the root: no overlay is opaque there. */
  isOpaque: boolean;
}

/** The prefix of names that say what a layer takes away (image-spec v1.1, layer.md, "Whiteouts"). */
export const whiteoutPrefix = '.wh.';

/**
 * What a layer from `before` to `after` must write, parents first, names sorted by their bytes; also directories and
 * hard links that are as they were, with `isWritten` false.
 * Of an overlay over `before` only what lies above is looked at.
 */
export async function changesBetween(before: FileTree, after: FileTree): Promise<Change[]> {
  const top = topOver(before, after);
  const scan = new Scan(before, top ?? after, top !== undefined);
  await scan.root();
  return scan.changes;
}

class Scan {
  readonly changes: Change[] = [];
  readonly #before: FileTree;
  readonly #after: FileTree;
  /** Whether what `after` does not have stays as it was. */
  readonly #isPartial: boolean;

  constructor(before: FileTree, after: FileTree, isPartial: boolean) {
    this.#before = before;
    this.#after = after;
    this.#isPartial = isPartial;
  }

  async root(): Promise<void> {
    const was = await this.#before.lookup(rootPath);
    const node = await this.#after.lookup(rootPath);
    if (node?.kind !== 'directory') return;
    // The root's time changes with everything in it, and no engine takes it from a layer.
    const isWritten = was === undefined || !isSameMetadata(was, node);
    await this.#directory(
      this.#add({ path: rootPath, node, parent: undefined, identityBefore: undefined, isWritten }),
      was,
    );
  }

  async #directory(directory: Change, was: FileNode | undefined): Promise<void> {
    const namesBefore = was?.kind === 'directory' ? await this.#before.list(directory.path) : [];
    const left = new Set(namesBefore);
    const kept = left.size;
    for (const name of await this.#after.list(directory.path)) {
      const path = childPath(directory.path, name);
      const node = await this.#after.lookup(path);
      // No archive holds a socket: it is as if it were not there.
      if (node === undefined || node.kind === 'socket') continue;
      if (name.startsWith(whiteoutPrefix)) throw notExpressible(path);
      await this.#name(directory, path, node, left.delete(name));
    }
    if (this.#isPartial) return;
    directory.removed = [...left];
    if (left.size === 0 || directory.path === rootPath) return;
    directory.isWritten = true;
    directory.isOpaque = left.size > 1 && left.size === kept;
  }

  async #name(parent: Change, path: ImagePath, node: FileNode, mayHaveBeen: boolean): Promise<void> {
    const was = mayHaveBeen ? await this.#before.lookup(path) : undefined;
    const identityBefore = was?.identity;
    // A name that stays would stay a link to names that a partial scan does not see.
    const isTied = this.#isPartial && identityBefore !== undefined;
    const isWritten = was === undefined || isTied || !(await isSameFile(was, node));
    if (node.kind === 'directory') {
      await this.#directory(this.#add({ path, node, parent, identityBefore: undefined, isWritten }), was);
    } else if (isWritten || node.identity !== undefined || identityBefore !== undefined) {
      this.#add({ path, node, parent, identityBefore, isWritten });
    }
  }

  #add(fields: Omit<Change, 'removed' | 'isOpaque'>): Change {
    const change = { ...fields, removed: [], isOpaque: false };
    this.changes.push(change);
    return change;
  }
}

const notExpressible = (path: ImagePath): Fault =>
  new Fault(
    'UNSUPPORTED',
    `${path} cannot be written to a layer: names with ${whiteoutPrefix} say there what is removed`,
    {
      hint: `Rename or exclude ${baseName(path)}.`,
    },
  );

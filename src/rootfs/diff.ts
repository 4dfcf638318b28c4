import type { TarItem } from '../formats/tar/index.ts';
import type { ImagePath } from '../kit/index.ts';
import { type Change, changesBetween, whiteoutPrefix } from './changes.ts';
import { headerOf } from './header.ts';
import { keepLinks } from './link-groups.ts';
import { makeNode } from './node.ts';
import type { FileTree } from './tree.ts';

/**
 * The layer that makes `after` of `before` (image-spec v1.1, layer.md): what was added or changed, whole; a whiteout
 * for what is gone. Equal trees give equal items: parents first, names sorted by their bytes, no names of users.
 * The directories that lead to a change are always among the items, since engines would else make them anew with
 * another mode. Names of one file are written once and linked to the first. Sockets are left out, and the root's
 * time alone is no change. Contents are compared where neither size nor other metadata differ.
 * @throws {Fault} UNSUPPORTED for a name that means a whiteout.
 */
export async function* layerBetween(before: FileTree, after: FileTree): AsyncGenerator<TarItem> {
  const changes = await changesBetween(before, after);
  keepLinks(changes);
  writeParents(changes);
  const firstNames = new Map<string, ImagePath>();
  for (const change of changes) {
    if (change.isWritten) yield itemOf(change, firstNames);
    yield* whiteoutsIn(change);
  }
}

function writeParents(changes: readonly Change[]): void {
  for (const change of changes) {
    if (!change.isWritten) continue;
    for (let above = change.parent; above?.parent !== undefined && !above.isWritten; above = above.parent) {
      above.isWritten = true;
    }
  }
}

function itemOf({ path, node }: Change, firstNames: Map<string, ImagePath>): TarItem {
  const first = node.identity === undefined ? undefined : firstNames.get(node.identity);
  if (first !== undefined) {
    return { header: { ...headerOf(path, node), type: 'hardlink', sizeBytes: 0, linkTarget: first.slice(1) } };
  }
  if (node.identity !== undefined) firstNames.set(node.identity, path);
  const header = headerOf(path, node);
  return node.kind === 'file' ? { header, body: node.content } : { header };
}

function* whiteoutsIn({ path, removed, isOpaque }: Change): Generator<TarItem> {
  const prefix = path === '/' ? '' : `${path.slice(1)}/`;
  const names = isOpaque ? ['.wh..opq'] : removed;
  for (const name of names)
    yield { header: { ...headerOf(path, whiteout), path: `${prefix}${whiteoutPrefix}${name}` } };
}

const whiteout = makeNode({ kind: 'file' });

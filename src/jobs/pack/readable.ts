import { setImmediate } from 'node:timers/promises';
import type { NeededFile, Needs } from '../../facts/needs/index.ts';
import { isFault, readAt } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';

/** Calls between two looks at the event loop, which long work over synchronous files would never let turn. */
const turnCalls = 512;

/**
 * `tree`, in which a directory that this user may not list shows nothing: whoever may read more packs no more.
 * It ends with the reason of `signal` when that is aborted.
 */
export function listable(tree: FileTree, signal: AbortSignal | undefined): FileTree {
  let calls = 0;
  const turn = async (): Promise<void> => {
    await setImmediate();
    signal?.throwIfAborted();
  };
  return {
    lookup: async (path) => {
      if (signal !== undefined && ++calls % turnCalls === 0) await turn();
      return tree.lookup(path);
    },
    list: async (path) => {
      try {
        return await tree.list(path);
      } catch (error) {
        if (isFault(error, 'SYSTEM')) return [];
        throw error;
      }
    },
  };
}

/** `needs` without the files that this user may not read, with a note for each; what is `needed` stays, and fails. */
export async function withoutUnreadable(tree: FileTree, needs: Needs): Promise<Needs> {
  const kept: NeededFile[] = [];
  const notes = [...needs.notes];
  for (const file of needs.needs) {
    if (file.level === 'needed' || (await isReadable(tree, file))) kept.push(file);
    else notes.push(`${file.path} is left out: this user may not read it`);
  }
  return { ...needs, needs: kept, notes };
}

async function isReadable(tree: FileTree, { path }: NeededFile): Promise<boolean> {
  const node = await tree.lookup(path);
  if (node?.kind !== 'file') return true;
  try {
    await readAt(node.content, 0, 1);
    return true;
  } catch (error) {
    if (isFault(error, 'SYSTEM')) return false;
    throw error;
  }
}

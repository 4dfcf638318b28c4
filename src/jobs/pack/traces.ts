import type { NeededFile, Needs } from '../../facts/needs/index.ts';
import type { FileTree } from '../../rootfs/index.ts';

/** What programs write while they run: it tells of this machine, and the image must not. */
const traces = /^\/(var\/(log|spool|mail|tmp|run|crash)|tmp|run)\//;

/** `needs` without the files that are traces of running; their directories stay, and so does what was asked for. */
export async function withoutTraces(tree: FileTree, needs: Needs): Promise<Needs> {
  const kept: NeededFile[] = [];
  for (const file of needs.needs) {
    const isWanted =
      !traces.test(file.path) || file.because.some(({ rule }) => rule === 'include' || rule === 'program');
    if (isWanted || (await tree.lookup(file.path))?.kind === 'directory') kept.push(file);
  }
  return { ...needs, needs: kept };
}

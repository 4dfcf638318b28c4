import { memoryStore } from '../../../src/content/index.ts';
import { startOf } from '../../../src/facts/start/index.ts';
import { openImage } from '../../../src/image/index.ts';
import { treeOf } from '../../../src/rootfs/index.ts';
import type { Answer } from './judge.ts';

/** Asks facts/start alone, in this process. */
export async function askLibrary(layout: string, platform: { os: string; architecture: string }): Promise<Answer> {
  const before = performance.now();
  const image = await openImage(`oci:${layout}:case`, { store: memoryStore() });
  const tree = await treeOf(image);
  try {
    const verdict = await startOf(tree, image.config.value.process, { platform, architecture: 'amd64' });
    const { starts, missing, says, late } = verdict;
    const cause = verdict.cause ?? late[0]?.cause ?? null;
    return { starts, cause, missing, says, findings: [], milliseconds: performance.now() - before };
  } finally {
    tree.close();
  }
}

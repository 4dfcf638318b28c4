import { memoryStore } from '../../../src/content/index.ts';
import { explain } from '../../../src/jobs/explain/index.ts';
import type { Answer } from './judge.ts';

/** Asks the library about the image in a layout, in this process. */
export async function askLibrary(layout: string): Promise<Answer> {
  const before = performance.now();
  const machine = { os: 'linux', architecture: 'amd64' };
  const { entrypoint, findings, os } = await explain(`oci:${layout}:case`, { store: memoryStore(), machine });
  const { starts, cause, missing } = entrypoint;
  const says = findings.find(({ code }) => code === cause)?.says ?? '';
  return { starts, cause, missing, says, findings, os: { ...os }, milliseconds: performance.now() - before };
}

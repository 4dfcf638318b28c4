import type { ProcessConfig } from '../../formats/oci/index.ts';
import { baseName } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import type { ProgramFacts } from '../programs/index.ts';
import type { StartVerdict } from '../start/index.ts';
import type { NeedsOs } from './types.ts';

/** What is known when the question is asked; a Scene of jobs/explain is one. */
export interface StartedImage {
  readonly tree: FileTree;
  readonly config: ProcessConfig;
  readonly verdict: StartVerdict;
  readonly programs: readonly ProgramFacts[];
}

const shells = /^(sh|ash|dash|bash|ksh|mksh|zsh|fish|busybox|toybox)$/;

/** Whether the program of an image would still do its work if shells and everyday commands were taken away. */
export async function needsOsOf({ verdict }: StartedImage): Promise<NeedsOs> {
  if (verdict.starts !== 'yes') return { answer: 'unknown', because: ['the program does not start'] };
  const shell = verdict.chain.find(({ path }) => shells.test(baseName(path)));
  if (shell !== undefined) return { answer: 'yes', because: [`${shell.path} is part of the start`] };
  return { answer: 'no', because: [] };
}

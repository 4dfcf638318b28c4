import type { Credentials, FileTree } from '../../rootfs/index.ts';
import type { Closure } from '../loader/index.ts';
import type { ChainLink, Problem } from './verdict.ts';

/** What a container is about to run, and where; the lists grow while it is followed. */
export interface Setting {
  readonly tree: FileTree;
  /** `NAME=value`, as the process gets them. */
  readonly env: readonly string[];
  readonly cwd: string;
  readonly as: Credentials;
  /** OCI's name of what the kernel executes. */
  readonly architecture: string;
  readonly chain: ChainLink[];
  readonly closures: Closure[];
  readonly late: Problem[];
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** PATH of the process: the image's, else docker's. */
export const searchPathOf = (env: readonly string[]): string =>
  env.findLast((entry) => entry.startsWith('PATH='))?.slice('PATH='.length) ?? defaultPath;

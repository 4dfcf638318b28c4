import type { Platform } from '../../formats/oci/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import type { OsFacts } from './types.ts';

export interface OsOptions {
  /** What the tree is to run on. */
  readonly platform: Platform;
  /** `NAME=value` of the process. Default: none. */
  readonly env?: readonly string[];
}

/** What of an operating system is in a tree. Nothing is executed. */
export async function osOf(tree: FileTree, options: OsOptions): Promise<OsFacts> {
  void [tree, options];
  return {
    present: false,
    distro: undefined,
    name: undefined,
    libc: undefined,
    shell: undefined,
    shells: [],
    packageManager: undefined,
    packageCount: undefined,
    init: undefined,
    commands: undefined,
    signs: [],
  };
}

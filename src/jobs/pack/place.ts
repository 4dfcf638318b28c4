import { findPathKind } from '../../content/index.ts';
import { emptyProcessConfig, type Platform, type ProcessConfig } from '../../formats/oci/index.ts';
import { emptyImage, type Image, openImage, parsePlace } from '../../image/index.ts';
import { type FileTree, hostTree, literalTree, treeOf } from '../../rootfs/index.ts';
import { listable } from './readable.ts';
import { reproducible } from './reproducible.ts';
import type { PackOptions } from './types.ts';

/** A tree of files, and how its image is run when it has one. */
export interface Ground {
  readonly tree: FileTree;
  readonly process: ProcessConfig;
  /** undefined for a directory, which does not say. */
  readonly platform: Platform | undefined;
  /** A directory of this machine that the tree is, where owners can be people. */
  readonly directory: string | undefined;
}

/** The files that a place holds: a directory's, or what an image's layers show. */
export async function openGround(place: string, options: PackOptions): Promise<Ground> {
  const directory = findDirectory(place);
  if (directory !== undefined) {
    return {
      tree: listable(hostTree(directory), options.signal),
      process: emptyProcessConfig,
      platform: undefined,
      directory,
    };
  }
  const image = await openImage(place, options);
  return groundOf(image, await treeOf(image));
}

/** The directory of a place that is a root file system: `rootfs:DIR`, or a path to one that holds no layout. */
function findDirectory(place: string): string | undefined {
  const parsed = parsePlace(place);
  if (parsed.kind === 'rootfs') return parsed.path;
  return parsed.kind === 'path' && findPathKind(parsed.path) === 'directory' ? parsed.path : undefined;
}

/** What the new image stands on: an image, the files of a directory (for which it has no layer yet), or nothing. */
export async function openBase(
  base: string | undefined,
  platform: Platform,
  options: PackOptions,
): Promise<Ground & { readonly image: Image }> {
  const directory = base === undefined ? undefined : findDirectory(base);
  if (base !== undefined && directory === undefined) {
    const image = await openImage(base, { ...options, platform });
    return { ...groundOf(image, await treeOf(image)), image };
  }
  const image = emptyImage(platform);
  if (directory === undefined) return { ...groundOf(image, literalTree({})), image };
  const tree = reproducible(hostTree(directory), options.timeSeconds ?? 0, true);
  return { ...groundOf(image, tree), directory, image };
}

const groundOf = (image: Image, tree: FileTree): Ground => ({
  tree,
  process: image.config.value.process,
  platform: image.platform,
  directory: undefined,
});

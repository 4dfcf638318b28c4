import { writeTar } from '../../formats/tar/index.ts';
import { appendLayer, type Image, type Layer, layerOf, withConfig } from '../../image/index.ts';
import { type FileTree, layerBetween, literalTree } from '../../rootfs/index.ts';
import type { Chosen } from './choose.ts';
import { dryStore } from './dry-store.ts';
import type { PackOptions } from './types.ts';

/** Writes the layers to the store and gives the image, which is not saved yet. */
export async function makeImage(
  { base, packed, process, path, platform }: Chosen,
  options: PackOptions,
): Promise<Image> {
  const store = options.dryRun === true ? dryStore(options.store) : options.store;
  const created = new Date((options.timeSeconds ?? 0) * 1000).toISOString().replace('.000Z', 'Z');
  const layer = (before: FileTree, after: FileTree, createdBy: string): Promise<Layer> =>
    layerOf(store, writeTar(layerBetween(before, after)), {
      history: { created, createdBy, emptyLayer: false },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  const below =
    base.directory !== undefined
      ? appendLayer(base.image, await layer(literalTree({}), base.tree, 'osless pack --base'))
      : base.image;
  const image = appendLayer(below, await layer(base.tree, packed, `osless pack ${path}`));
  return withConfig(image, { ...process, cmd: process.cmd, created, platform });
}

import type { LocalStore } from '../../content/index.ts';
import type { Platform } from '../../formats/oci/index.ts';
import { writeTar } from '../../formats/tar/index.ts';
import {
  appendLayer,
  emptyImage,
  type Image,
  layerOf,
  openImage,
  openPlace,
  type Place,
  parsePlace,
  saveAll,
  saveImage,
} from '../../image/index.ts';
import { type Digest, Fault } from '../../kit/index.ts';
import { hostTree, layerBetween, literalTree, materialise, treeOf } from '../../rootfs/index.ts';

export interface CopyOptions {
  readonly store: LocalStore;
  /** Of this machine: what is chosen from an index where only one image can go. */
  readonly machine: Platform;
  /** Copies only the image for this platform. Default: all that there are, where the target can hold them. */
  readonly platform?: Platform;
  /** What layers become. Default: as they are. */
  readonly compression?: 'gzip' | 'zstd' | 'none';
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: (bytes: AsyncIterable<Uint8Array>) => Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * Copies what is at `from` to `to` and gives its digest there; undefined for a directory of files.
 * @throws {Fault} as opening and saving do
 */
export async function copy(from: string, to: string, options: CopyOptions): Promise<Digest | undefined> {
  const [source, target] = [parsePlace(from), parsePlace(to)];
  if (target.kind === 'rootfs') return unpack(source, target.path, options);
  if (source.kind === 'rootfs') {
    const image = await imageOfDirectory(source.path, options);
    return (await saveImage(image, target, options)).digest;
  }
  const opened = await openPlace(source, options);
  const names = /[/:]/.test(opened.name) ? [opened.name] : [];
  const isOne = options.platform !== undefined || options.compression !== undefined;
  if (!isOne && target.kind !== 'docker-archive' && target.kind !== 'stream') {
    return (await saveAll(opened, target, { ...options, names })).digest;
  }
  const image = await openImage(source, { ...options, ...wantedOf(options) });
  return (await saveImage(image, target, { ...options, names })).digest;
}

async function unpack(source: Place, directory: string, options: CopyOptions): Promise<undefined> {
  if (source.kind === 'rootfs') {
    throw new Fault('PLACE_INVALID', 'both places are directories of files', { hint: 'Use cp -a.' });
  }
  const image = await openImage(source, { ...options, ...wantedOf(options) });
  const tree = await treeOf(image, options);
  try {
    await materialise(tree, directory, options);
  } finally {
    tree.close();
  }
}

/** An image of one layer with nothing set: a directory does not tell how it is run. */
async function imageOfDirectory(directory: string, { store, machine, platform, signal }: CopyOptions): Promise<Image> {
  const tar = writeTar(layerBetween(literalTree({}), hostTree(directory)));
  const layer = await layerOf(store, tar, signal === undefined ? {} : { signal });
  return appendLayer(emptyImage(platform ?? machine), layer, { createdBy: 'osless copy', emptyLayer: false });
}

const wantedOf = ({ platform, machine }: CopyOptions) => ({
  platform: platform ?? machine,
  platformRequired: platform !== undefined,
});

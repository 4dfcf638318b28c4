import type { BlobStore, Spooled } from '../content/index.ts';
import type { Compression } from '../formats/compress/index.ts';
import { findLayerForm, layerTypeOf } from '../formats/oci/index.ts';
import { assemble } from './edit.ts';
import type { Image, Layer } from './image.ts';
import { layerOf } from './layer.ts';

/** `image` with each layer in one compression, put into `store`. The config and its digest stay as they are. */
export async function withCompression(image: Image, store: BlobStore, compression: Compression): Promise<Image> {
  if (image.layers.every((layer) => compressionOf(layer) === compression)) return image;
  const layers: Layer[] = [];
  for (const layer of image.layers) {
    const { history } = layer;
    const convert = () => layerOf(store, layer.tar.open(), { compression, ...(history && { history }) });
    layers.push(compressionOf(layer) === compression ? layer : await convert());
  }
  return assemble(image.config, layers, image.manifest);
}

/**
 * `image` with uncompressed layers, which docker's archives need. What was compressed goes through `keep`,
 * since the size of a file in a tar comes before its content; what it returned is added to `kept`.
 */
export async function uncompressed(
  image: Image,
  keep: (bytes: AsyncIterable<Uint8Array>) => Promise<Spooled>,
  kept: Spooled[],
): Promise<Image> {
  if (image.layers.every(isPlain)) return image;
  const layers: Layer[] = [];
  for (const layer of image.layers) layers.push(isPlain(layer) ? layer : await plain(layer, keep, kept));
  return assemble(image.config, layers, image.manifest);
}

async function plain(layer: Layer, keep: (bytes: AsyncIterable<Uint8Array>) => Promise<Spooled>, kept: Spooled[]) {
  const spooled = await keep(layer.tar.open());
  kept.push(spooled);
  const { source } = spooled;
  const descriptor = { mediaType: layerTypeOf('none'), digest: layer.diffId, size: source.sizeBytes ?? 0 };
  return { ...layer, descriptor, blob: source, tar: source };
}

const isPlain = ({ descriptor, diffId }: Layer): boolean => descriptor.digest === diffId;

const compressionOf = ({ descriptor }: Layer): string | undefined => findLayerForm(descriptor.mediaType)?.compression;

import { algorithmOf, type Digest, digester, digestOf, isFault, type Source } from '../kit/index.ts';
import type { Image, Layer } from './image.ts';

/** One thing about an image that is not as its documents say. */
export interface Mismatch {
  readonly what: 'manifest' | 'config' | 'layer' | 'diff-id' | 'size' | 'history';
  /** One sentence in the present tense. */
  readonly says: string;
  /** Counted from the base; undefined for what is no layer. */
  readonly layer: number | undefined;
}

/** Reads all of an image and tells everything that does not fit; an image that is whole gives an empty list. */
export async function validate(image: Image): Promise<readonly Mismatch[]> {
  const found = checkDocuments(image);
  for (const [at, layer] of image.layers.entries()) found.push(...(await checkLayer(layer, at)));
  return found;
}

function checkDocuments({ manifest, config, layers, digest }: Image): Mismatch[] {
  const found: Mismatch[] = [];
  const add = (what: Mismatch['what'], says: string) => found.push({ what, says, layer: undefined });
  const { config: descriptor, layers: descriptors } = manifest.value;
  if (digestOf(manifest.raw) !== digest) add('manifest', `the manifest is not ${digest}`);
  if (digestOf(config.raw) !== descriptor.digest) add('config', `the config is not ${descriptor.digest}`);
  if (config.raw.byteLength !== descriptor.size) add('size', 'the config has another size than the manifest says');
  const { diffIds, history } = config.value;
  if (diffIds.length !== descriptors.length || layers.length !== descriptors.length) {
    add('config', `the manifest lists ${descriptors.length} layers, the config ${diffIds.length}`);
  }
  const made = history.filter(({ emptyLayer }) => !emptyLayer).length;
  if (history.length > 0 && made !== diffIds.length) {
    add('history', `the history tells of ${made} layers, and there are ${diffIds.length}`);
  }
  return found;
}

async function checkLayer(layer: Layer, at: number): Promise<Mismatch[]> {
  const { descriptor, diffId } = layer;
  const found: Mismatch[] = [];
  const add = (what: Mismatch['what'], says: string) => found.push({ what, says, layer: at });
  const blob = await readThrough(layer.blob, descriptor.digest);
  if (typeof blob === 'string') return [{ what: 'layer', says: blob, layer: at }];
  if (blob.digest !== descriptor.digest) add('layer', `the layer is not ${descriptor.digest}`);
  if (blob.sizeBytes !== descriptor.size) {
    add('size', `the layer has ${blob.sizeBytes} bytes, the manifest says ${descriptor.size}`);
  }
  if (layer.tar === layer.blob && diffId === descriptor.digest) return found;
  const tar = await readThrough(layer.tar, diffId);
  if (typeof tar === 'string') add('diff-id', tar);
  else if (tar.digest !== diffId) add('diff-id', `the uncompressed layer is not ${diffId}`);
  return found;
}

/** What was read, or why it could not be. */
async function readThrough(source: Source, like: Digest) {
  const hash = digester(algorithmOf(like));
  let sizeBytes = 0;
  try {
    for await (const chunk of source.open()) {
      hash.update(chunk);
      sizeBytes += chunk.byteLength;
    }
    return { sizeBytes, digest: hash.digest() };
  } catch (error) {
    if (isFault(error)) return error.message;
    throw error;
  }
}

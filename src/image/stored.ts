import type { ReadableStore } from '../content/index.ts';
import {
  type Descriptor,
  findLayerForm,
  type History,
  type ImageConfig,
  isConfigType,
  type Manifest,
  parseImageConfig,
  parseManifest,
} from '../formats/oci/index.ts';
import { digestOf, Fault } from '../kit/index.ts';
import { readDocument } from './document.ts';
import type { Image } from './image.ts';
import { storedLayer } from './layer.ts';

/**
 * The image whose manifest `descriptor` names. Manifest and config are read, layers are not.
 * @throws {Fault} BLOB_NOT_FOUND, DIGEST_MISMATCH, MANIFEST_MALFORMED, CONFIG_MALFORMED, NOT_AN_IMAGE, UNSUPPORTED
 */
export async function storedImage(store: Pick<ReadableStore, 'get'>, descriptor: Descriptor): Promise<Image> {
  const manifest = parseManifest(await readDocument(store, descriptor));
  expectImage(manifest.value);
  const config = parseImageConfig(await readDocument(store, manifest.value.config));
  const { diffIds } = config.value;
  const history = historyOfLayers(config.value);
  const layers = manifest.value.layers.map((layer, at) => {
    const diffId = diffIds[at] ?? unequal(manifest.value, config.value);
    return storedLayer(store, layer, { diffId, history: history[at] });
  });
  if (diffIds.length !== layers.length) unequal(manifest.value, config.value);
  const { platform } = config.value;
  const known = platform.architecture === '' ? (descriptor.platform ?? platform) : platform;
  return { manifest, config, layers, digest: digestOf(manifest.raw), platform: known };
}

function expectImage({ config, layers, artifactType }: Manifest): void {
  const odd = layers.find(({ mediaType }) => findLayerForm(mediaType) === undefined);
  if (odd?.mediaType.endsWith('+encrypted')) {
    throw new Fault('UNSUPPORTED', 'a layer of the image is encrypted', {
      hint: 'Decrypt the image first, for instance with skopeo.',
    });
  }
  if (isConfigType(config.mediaType) && odd === undefined) return;
  const kind = artifactType ?? odd?.mediaType ?? config.mediaType;
  throw new Fault('NOT_AN_IMAGE', `the manifest is of an artifact (${kind.slice(0, 120)}), not of a container image`, {
    hint: 'Give the place of a container image.',
  });
}

/** The history entries that made layers, in their order; none where their number is another than that of the layers. */
function historyOfLayers({ history, diffIds }: ImageConfig): readonly History[] {
  const made = history.filter(({ emptyLayer }) => !emptyLayer);
  return made.length === diffIds.length ? made : [];
}

function unequal(manifest: Manifest, { diffIds }: ImageConfig): never {
  const problem = `lists ${manifest.layers.length} layers, and its config ${diffIds.length}`;
  throw new Fault('MANIFEST_MALFORMED', `an image manifest ${problem}`, { hint: 'Make or fetch the image again.' });
}

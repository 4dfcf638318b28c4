import {
  type Descriptor,
  emptyProcessConfig,
  formatImageConfig,
  formatManifest,
  type History,
  type ImageConfig,
  type Manifest,
  mediaTypes,
  ociTypeOf,
  type Parsed,
  type Platform,
  type ProcessConfig,
} from '../formats/oci/index.ts';
import { digestOf } from '../kit/index.ts';
import type { Image, Layer } from './image.ts';

/** What is changed in a config; `undefined` takes a setting away. */
export type ConfigPatch = { readonly [Name in keyof ProcessConfig]?: ProcessConfig[Name] | undefined } & {
  /** RFC 3339. */
  readonly created?: string | undefined;
  readonly author?: string | undefined;
  readonly platform?: Platform;
  /** Entries to add after those that are there, for steps that made no layer. */
  readonly history?: readonly History[];
};

/** An image of no layers, with nothing set. */
export function emptyImage(platform: Platform): Image {
  const value: ImageConfig = { platform, process: emptyProcessConfig, diffIds: [], history: [] };
  return assemble({ value, raw: formatImageConfig(value) }, [], undefined);
}

/**
 * `image` with one layer more, on top, and an entry for it in the history: `history`, else the layer's own.
 * What was a docker manifest becomes an OCI one, as after any edit.
 */
export function appendLayer(image: Image, layer: Layer, history = layer.history ?? { emptyLayer: false }): Image {
  const { value } = image.config;
  const config: ImageConfig = {
    ...value,
    diffIds: [...value.diffIds, layer.diffId],
    history: [...completeHistory(image), { ...history, emptyLayer: false }],
  };
  return edited(image, config, [...image.layers, { ...layer, history: { ...history, emptyLayer: false } }]);
}

/** `image` with another config; fields of it that nobody knows are kept. */
export function withConfig(image: Image, patch: ConfigPatch): Image {
  const { created, author, platform, history, ...process } = patch;
  const { created: createdBefore, author: authorBefore, ...value } = image.config.value;
  const createdNow = 'created' in patch ? created : createdBefore;
  const authorNow = 'author' in patch ? author : authorBefore;
  const config: ImageConfig = {
    ...value,
    ...(createdNow !== undefined && { created: createdNow }),
    ...(authorNow !== undefined && { author: authorNow }),
    platform: platform ?? value.platform,
    process: patchProcess(value.process, process),
    history: [...value.history, ...(history ?? [])],
  };
  return edited(image, config, image.layers);
}

/** What is set to undefined falls back to nothing. */
function patchProcess(before: ProcessConfig, patch: ConfigPatch): ProcessConfig {
  const entries = Object.entries({ ...before, ...patch }).filter(([, value]) => value !== undefined);
  return { ...emptyProcessConfig, ...Object.fromEntries(entries) };
}

/** The history with an entry for each layer: where one is missing, the config of the base had none. */
function completeHistory({ config: { value } }: Image): readonly History[] {
  const described = value.history.filter(({ emptyLayer }) => !emptyLayer).length;
  const missing = Math.max(0, value.diffIds.length - described);
  return [...value.history, ...Array.from({ length: missing }, () => ({ emptyLayer: false }))];
}

function edited(image: Image, value: ImageConfig, layers: readonly Layer[]): Image {
  return assemble({ value, raw: formatImageConfig(value, image.config) }, layers, image.manifest);
}

/** An OCI image of these parts; annotations and unknown fields of `original` are kept. */
export function assemble(
  config: Parsed<ImageConfig>,
  layers: readonly Layer[],
  original: Parsed<Manifest> | undefined,
): Image {
  const ociLayers = layers.map((layer) => ({ ...layer, descriptor: ociDescriptor(layer.descriptor) }));
  const value: Manifest = {
    annotations: {},
    ...original?.value,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: digestOf(config.raw), size: config.raw.byteLength },
    layers: ociLayers.map(({ descriptor }) => descriptor),
  };
  const raw = formatManifest(value, original?.raw);
  const { platform } = config.value;
  return { manifest: { value, raw }, config, layers: ociLayers, digest: digestOf(raw), platform };
}

const ociDescriptor = (descriptor: Descriptor): Descriptor => ({
  ...descriptor,
  mediaType: ociTypeOf(descriptor.mediaType),
});

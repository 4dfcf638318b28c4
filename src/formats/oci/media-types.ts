/** Media types of image-spec v1.1 (media-types.md) and of docker's schema 2. */
export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  foreignLayer: 'application/vnd.oci.image.layer.nondistributable.v1.tar',
  foreignLayerGzip: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  foreignLayerZstd: 'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
  empty: 'application/vnd.oci.empty.v1+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  dockerLayerZstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
  dockerForeignLayer: 'application/vnd.docker.image.rootfs.foreign.diff.tar',
  dockerForeignLayerGzip: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
} as const;

export const isManifestType = (mediaType: string): boolean =>
  mediaType === mediaTypes.manifest || mediaType === mediaTypes.dockerManifest;

export const isIndexType = (mediaType: string): boolean =>
  mediaType === mediaTypes.index || mediaType === mediaTypes.dockerList;

export const isConfigType = (mediaType: string): boolean =>
  mediaType === mediaTypes.config || mediaType === mediaTypes.dockerConfig;

/** What the media type of a layer says of it. */
export interface LayerForm {
  readonly compression: 'none' | 'gzip' | 'zstd';
  /** Licence-bound: its bytes may be absent, to be fetched from the descriptor's `urls`. */
  readonly foreign: boolean;
}

const layerForms: ReadonlyMap<string, LayerForm> = new Map([
  [mediaTypes.layer, { compression: 'none', foreign: false }],
  [mediaTypes.layerGzip, { compression: 'gzip', foreign: false }],
  [mediaTypes.layerZstd, { compression: 'zstd', foreign: false }],
  [mediaTypes.foreignLayer, { compression: 'none', foreign: true }],
  [mediaTypes.foreignLayerGzip, { compression: 'gzip', foreign: true }],
  [mediaTypes.foreignLayerZstd, { compression: 'zstd', foreign: true }],
  [mediaTypes.dockerLayer, { compression: 'none', foreign: false }],
  [mediaTypes.dockerLayerGzip, { compression: 'gzip', foreign: false }],
  [mediaTypes.dockerLayerZstd, { compression: 'zstd', foreign: false }],
  [mediaTypes.dockerForeignLayer, { compression: 'none', foreign: true }],
  [mediaTypes.dockerForeignLayerGzip, { compression: 'gzip', foreign: true }],
]);

/** undefined for a media type that is no file-system layer (an attestation, a model, …). */
export const findLayerForm = (mediaType: string): LayerForm | undefined => layerForms.get(mediaType);

/** The OCI media type of a layer in that compression. */
export const layerTypeOf = (compression: LayerForm['compression']): string =>
  ({ none: mediaTypes.layer, gzip: mediaTypes.layerGzip, zstd: mediaTypes.layerZstd })[compression];

const ociTypes: Readonly<Record<string, string>> = {
  [mediaTypes.dockerManifest]: mediaTypes.manifest,
  [mediaTypes.dockerList]: mediaTypes.index,
  [mediaTypes.dockerConfig]: mediaTypes.config,
  [mediaTypes.dockerLayer]: mediaTypes.layer,
  [mediaTypes.dockerLayerGzip]: mediaTypes.layerGzip,
  [mediaTypes.dockerLayerZstd]: mediaTypes.layerZstd,
  [mediaTypes.dockerForeignLayer]: mediaTypes.foreignLayer,
  [mediaTypes.dockerForeignLayerGzip]: mediaTypes.foreignLayerGzip,
};

/** The OCI twin of a docker media type; any other is its own. */
export const ociTypeOf = (mediaType: string): string => ociTypes[mediaType] ?? mediaType;

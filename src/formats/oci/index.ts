/**
 * formats/oci: the documents of image-spec v1.1 and docker's schema 2 as values, both ways.
 * It opens no file and fetches nothing.
 */
export { annotationKeys, isAttestation, nameOf } from './annotations.ts';
export { documentLimitBytes } from './document.ts';
export { formatImageConfig, parseImageConfig } from './image-config.ts';
export { editIndex, formatIndex, parseIndex } from './image-index.ts';
export { formatManifest, parseManifest } from './manifest.ts';
export {
  findLayerForm,
  isConfigType,
  isIndexType,
  isManifestType,
  type LayerForm,
  layerTypeOf,
  mediaTypes,
  ociTypeOf,
} from './media-types.ts';
export { formatPlatform, normalisePlatform, parsePlatform, platformMatches, platformRank } from './platform.ts';
export { emptyProcessConfig } from './process-config.ts';
export {
  familiarReference,
  formatReference,
  isTag,
  parseReference,
  type Reference,
  withDefaultTag,
} from './reference.ts';
export type {
  Descriptor,
  Healthcheck,
  History,
  ImageConfig,
  Index,
  Manifest,
  Parsed,
  Platform,
  ProcessConfig,
} from './types.ts';

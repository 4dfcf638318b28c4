/** osless as a library: the jobs, the nouns that they walk between, and the failures. */
export { type LocalStore, memoryStore, type NamedStore, openArchive, openLayout, openStore } from './content/index.ts';
export { type Closure, closureOf } from './facts/loader/index.ts';
export { type Needs, type NeedsOptions, needsOf } from './facts/needs/index.ts';
export { type NeedsOs, type OsFacts, osOf } from './facts/os/index.ts';
export { type Cause, type StartVerdict, startOf } from './facts/start/index.ts';
export {
  type ImageConfig,
  type Manifest,
  type Platform,
  type ProcessConfig,
  parsePlatform,
} from './formats/oci/index.ts';
export {
  appendLayer,
  emptyImage,
  type Image,
  type Layer,
  layerOf,
  type Mismatch,
  openImage,
  type Place,
  parsePlace,
  saveImage,
  validate,
  withConfig,
} from './image/index.ts';
export { type CopyOptions, copy } from './jobs/copy/index.ts';
export {
  allRules,
  type ExplainAllSummary,
  type ExplainedLink,
  type ExplainOptions,
  type ExplainSummary,
  explain,
  explainAll,
  type Finding,
  type Overrides,
  type Rule,
  type Severity,
} from './jobs/explain/index.ts';
export {
  type ImageList,
  list as listImages,
  loadArchive,
  removeImages,
  saveArchive,
  tagImage,
} from './jobs/images/index.ts';
export {
  type LddElf,
  type LddLibrary,
  type LddOptions,
  type LddScript,
  type LddSummary,
  type LddVersion,
  ldd,
} from './jobs/ldd/index.ts';
export { type PackOptions, type PackResult, type PackSummary, pack } from './jobs/pack/index.ts';
export { type RunOptions, runImage } from './jobs/run/index.ts';
export {
  bytesSource,
  type Digest,
  Fault,
  type FaultCode,
  type ImagePath,
  imagePath,
  isFault,
  type Source,
  textSource,
} from './kit/index.ts';
export {
  type FileNode,
  type FileTree,
  hostTree,
  layerBetween,
  literalTree,
  materialise,
  overlay,
  resolve,
  selectFiles,
  treeOf,
} from './rootfs/index.ts';

/**
 * image: images as values, opened from and saved to places.
 * It never looks at the files in a layer.
 */
export { type Candidate, chooseManifest, manifestsOf, type Wanted } from './choose.ts';
export { withCompression } from './convert.ts';
export { appendLayer, type ConfigPatch, emptyImage, withConfig } from './edit.ts';
export type { Image, Layer } from './image.ts';
export { type LayerOptions, layerOf } from './layer.ts';
export { type ListedImage, listImages } from './list.ts';
export { type Opened, type OpenOptions, openImage, openPlace } from './open.ts';
export { type Place, parsePlace } from './place.ts';
export { type Saved, type SaveOptions, saveAll, saveImage, saveImages } from './save.ts';
export type { NamedImage, Sink } from './save-archive.ts';
export { storedImage } from './stored.ts';
export { type Mismatch, validate } from './validate.ts';

/**
 * image: images as values, opened from and saved to places.
 * It never looks at the files in a layer.
 */
export { appendLayer, type ConfigPatch, emptyImage, withConfig } from './edit.ts';
export type { Image, Layer } from './image.ts';
export { type LayerOptions, layerOf, storedLayer } from './layer.ts';

/**
 * image: images as values, opened from and saved to places.
 * It never looks at the files in a layer.
 */
export type { Image, Layer } from './image.ts';

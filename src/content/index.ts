/**
 * content: where blobs and the names of images are kept: memory, layout directories, archives, the local store.
 * It knows digests and descriptors, not what an image is.
 */
export { type LayoutOptions, openLayout, openStore } from './layout.ts';
export { memoryStore } from './memory.ts';
export type { BlobStore, Expected, LocalStore, Named, NamedStore } from './store.ts';

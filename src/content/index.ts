/**
 * content: where blobs and the names of images are kept: memory, layout directories, archives, the local store.
 * It knows digests and descriptors, not what an image is.
 */
export type { BlobStore, Expected, Named, NamedStore } from './store.ts';

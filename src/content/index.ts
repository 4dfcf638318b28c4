/**
 * content: where blobs and the names of images are kept: memory, layout directories, archives, the local store.
 * It knows digests and descriptors, not what an image is.
 */
export { type Archive, type ArchiveOptions, openArchive } from './archive.ts';
export { type ArchiveBlob, type DockerImage, type OciContents, writeArchive } from './archive-writer.ts';
export { type LayoutOptions, openLayout, openStore } from './layout.ts';
export { memoryStore } from './memory.ts';
export { goesBy, named } from './names.ts';
export { findPathKind } from './path-kind.ts';
export { saveFile } from './save-file.ts';
export { type Spooled, spool } from './spool.ts';
export type { BlobStore, Expected, LocalStore, Named, NamedStore, ReadableStore } from './store.ts';
export { expectBlob, verified } from './verified.ts';

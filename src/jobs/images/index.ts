/**
 * jobs/images: what the local store holds, under which names, and archives of it.
 */
export { type ArchiveOptions, type Loaded, loadArchive, type SaveTarget, saveArchive } from './archive.ts';
export { type Removal, removeImages, tagImage } from './edit.ts';
export { type ImageList, type ImageRow, list } from './list.ts';

import { tmpdir } from 'node:os';
import type { Layer } from '../image/index.ts';
import type { Source } from '../kit/index.ts';
import { CompressedLayer } from './compressed-layer.ts';
import { partOf } from './entry-content.ts';
import { Spool } from './spool.ts';

/** Where the bytes of a layer are, now and when contents are read later. */
export interface LayerPlace {
  /** The uncompressed tar, to be read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Whether files that lie there in one piece are read without what lies before them. */
  readonly readsAnywhere: boolean;
  contentOf(member: StoredFile): Source;
  /** How often the layer was read again from its beginning. */
  rereads(): number;
  close(): void;
}

/** The entry of a file in a layer. */
export interface StoredFile {
  /** How many entries stand before it. */
  readonly index: number;
  /** Where its content begins in the tar. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** Whether the content stands there in one piece. */
  readonly contiguous: boolean;
}

/** `spool` is a directory for what a compressed layer holds; without one, it is read again when it must be. */
export function placeOf(layer: Layer, spool: string | undefined): LayerPlace {
  const { blob, tar, descriptor, diffId } = layer;
  if (descriptor.digest === diffId && blob.readAt) {
    const readAt: ReadAt = (at, length) => blob.readAt?.(at, length) ?? nothing;
    return { ...anywhere(tar, readAt), bytes: tar.open(), close: () => undefined };
  }
  if (spool !== undefined) {
    const kept = new Spool(spool);
    return { ...anywhere(kept, kept.readAt), bytes: kept.keep(tar), close: () => kept.close() };
  }
  const compressed = new CompressedLayer(tar, tmpdir());
  return {
    bytes: tar.open(),
    readsAnywhere: false,
    contentOf: (file) => compressed.contentOf(file),
    rereads: () => compressed.rereads,
    close: () => void compressed.close(),
  };
}

type ReadAt = NonNullable<Source['readAt']>;

function anywhere(tar: Source, readAt: ReadAt): Pick<LayerPlace, 'readsAnywhere' | 'contentOf' | 'rereads'> {
  // A sparse file is no one piece, so it is found as in a compressed layer.
  const sparse = new CompressedLayer(tar, undefined);
  return {
    readsAnywhere: true,
    contentOf: (file) => (file.contiguous ? partOf(readAt, file.offset, file.sizeBytes) : sparse.contentOf(file)),
    rereads: () => sparse.rereads,
  };
}

const nothing = Promise.resolve(new Uint8Array(0));

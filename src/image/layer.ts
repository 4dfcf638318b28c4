import { type BlobStore, expectBlob, verified } from '../content/index.ts';
import { type Compression, compress, decompress } from '../formats/compress/index.ts';
import { type Descriptor, type History, layerTypeOf } from '../formats/oci/index.ts';
import { type Digest, digester, readAt, type Source } from '../kit/index.ts';
import { abortable } from './abortable.ts';
import type { Layer } from './image.ts';

export interface LayerOptions {
  /** How the blob is stored. Default: `none`, which keeps codecs out of the digest. */
  readonly compression?: Compression;
  /** Of the codec; its own default when absent. */
  readonly level?: number;
  readonly history?: History;
  readonly signal?: AbortSignal;
}

/** Puts the bytes of a tar into `store`, in one pass, and gives the layer that they are. */
export async function layerOf(
  store: BlobStore,
  tar: AsyncIterable<Uint8Array>,
  { compression = 'none', level, history, signal }: LayerOptions = {},
): Promise<Layer> {
  const hash = digester();
  const plain = abortable(tar, signal);
  const compressed = () => compress(hashed(plain, hash.update), compression, level === undefined ? {} : { level });
  const open = () => (compression === 'none' ? plain : compressed());
  const { digest, sizeBytes } = await store.put({ open });
  const descriptor = { mediaType: layerTypeOf(compression), digest, size: sizeBytes };
  return storedLayer(store, descriptor, { diffId: compression === 'none' ? digest : hash.digest(), history });
}

/** A layer that is in `store`; what is not there comes to light when it is read. */
export function storedLayer(
  store: Pick<BlobStore, 'get'>,
  descriptor: Descriptor,
  { diffId, history }: { readonly diffId: Digest; readonly history: History | undefined },
): Layer {
  const blob = storedBlob(store, descriptor);
  return { diffId, descriptor, blob, tar: tarOf({ blob, descriptor, diffId }), history };
}

/** @throws {Fault} while reading: BLOB_NOT_FOUND, DIGEST_MISMATCH. */
function storedBlob(store: Pick<BlobStore, 'get'>, { digest, size }: Descriptor): Source {
  const find = async () => {
    const source = await store.get(digest);
    const sizeBytes = source.sizeBytes ?? size;
    expectBlob({ digest, sizeBytes }, { digest, sizeBytes: size });
    return source;
  };
  return {
    sizeBytes: size,
    async *open() {
      yield* (await find()).open();
    },
    readAt: async (offset, length) => readAt(await find(), offset, length),
  };
}

/** Uncompressed, whatever the media type says: the first bytes tell. */
function tarOf({ blob, descriptor, diffId }: Pick<Layer, 'blob' | 'descriptor' | 'diffId'>): Source {
  if (descriptor.digest === diffId) return blob;
  return verified({ open: () => decompress(blob.open()) }, diffId);
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, update: (chunk: Uint8Array) => void) {
  for await (const chunk of bytes) {
    update(chunk);
    yield chunk;
  }
}

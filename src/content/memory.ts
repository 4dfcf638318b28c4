import type { Descriptor } from '../formats/oci/index.ts';
import { algorithmOf, bytesSource, type Digest, digestOf } from '../kit/index.ts';
import { named, namesOf } from './names.ts';
import type { NamedStore } from './store.ts';
import { blobNotFound, bounded, expectBlob, verified } from './verified.ts';

/** A store that lives as long as the process, for tests and for what is made on the way. */
export function memoryStore(): NamedStore {
  const blobs = new Map<Digest, Uint8Array>();
  const names = new Map<string, Descriptor>();
  return {
    put: async (source, expected) => {
      const bytes = await collect(bounded(source, expected));
      const digest = digestOf(bytes, expected && algorithmOf(expected.digest));
      const put = { digest, sizeBytes: bytes.byteLength };
      expectBlob(put, expected);
      blobs.set(digest, bytes);
      return put;
    },
    has: async (digest) => blobs.has(digest),
    get: async (digest) => {
      const bytes = blobs.get(digest);
      return bytes === undefined ? blobNotFound(digest, 'in this store') : verified(bytesSource(bytes), digest);
    },
    names: async () => namesOf([...names.values()]),
    setName: async (name, descriptor) => void names.set(name, named(descriptor, name)),
    removeName: async (name) => names.delete(name),
  };
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

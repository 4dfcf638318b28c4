import type { ReadableStore } from '../content/index.ts';
import { type Descriptor, documentLimitBytes } from '../formats/oci/index.ts';
import { Fault, readAll } from '../kit/index.ts';

/**
 * The bytes of a manifest, index or config, whole and verified.
 * @throws {Fault} BLOB_NOT_FOUND, DIGEST_MISMATCH, TOO_LARGE
 */
export async function readDocument(store: Pick<ReadableStore, 'get'>, descriptor: Descriptor): Promise<Uint8Array> {
  const bytes = descriptor.data ?? (await readAll(await store.get(descriptor.digest), documentLimitBytes));
  if (bytes.byteLength === descriptor.size) return bytes;
  throw new Fault(
    'DIGEST_MISMATCH',
    `${descriptor.digest} has ${bytes.byteLength} bytes where ${descriptor.size} are announced`,
    {
      hint: 'Fetch or make the image again; what points to this document says something else than it is.',
      about: { wantedBytes: descriptor.size, readBytes: bytes.byteLength },
    },
  );
}

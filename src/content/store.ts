import type { Descriptor } from '../formats/oci/index.ts';
import type { Digest, Source } from '../kit/index.ts';
import type { Spooled } from './spool.ts';

/** What is known of a blob before it is put, to be checked while it passes. */
export interface Expected {
  readonly digest: Digest;
  readonly sizeBytes?: number;
}

/** Blobs kept under the digest of their content. */
export interface BlobStore {
  /**
   * Keeps the bytes of `source` and returns their name and size.
   * Repeating it is harmless. Readers see either the whole blob or none, also when the writer is killed.
   * `source` may stay unread when the store has what `expected` says.
   * @throws {Fault} DIGEST_MISMATCH when the bytes are not what `expected` says; nothing is kept then.
   */
  put(source: Source, expected?: Expected): Promise<{ readonly digest: Digest; readonly sizeBytes: number }>;

  /** Whether `get` would succeed now. Reads no content. */
  has(digest: Digest): Promise<boolean>;

  /**
   * Resolves before any byte is read. `open()` checks the bytes against `digest` while they are read;
   * `readAt`, where the store has it, does not.
   * @throws {Fault} BLOB_NOT_FOUND; while reading, DIGEST_MISMATCH.
   * @see image-spec v1.1, descriptor.md, "Digests"
   */
  get(digest: Digest): Promise<Source>;
}

/** A name in a store and the image or index that it stands for. */
export interface Named {
  readonly name: string;
  readonly descriptor: Descriptor;
}

/** A BlobStore in which images have names. A name is what the place gives: a tag, or a whole reference. */
export interface NamedStore extends BlobStore {
  /** All names, sorted; descriptors without a name have the name ''. */
  names(): Promise<readonly Named[]>;
  /** Points `name` at `descriptor`, whose blobs are already put; takes it from whatever had it before. */
  setName(name: string, descriptor: Descriptor): Promise<void>;
  /** Takes `name` away; false when there was none. */
  removeName(name: string): Promise<boolean>;
}

/** A store that is only read. */
export type ReadableStore = Pick<NamedStore, 'has' | 'get' | 'names'>;

/** The store of this machine: many processes write to it, and what nothing names can be removed. */
export interface LocalStore extends NamedStore {
  /** Keeps bytes on the store's disk that are gone with the process, or when closed. */
  spool(bytes: AsyncIterable<Uint8Array>): Promise<Spooled>;
  /**
   * Removes the blobs that no name leads to and no living writer has just put.
   * @throws {Fault} STORE_BUSY
   */
  removeUnused(): Promise<{ readonly blobs: number; readonly sizeBytes: number }>;
}

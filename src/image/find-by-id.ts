import type { Named, ReadableStore } from '../content/index.ts';
import {
  type Descriptor,
  documentLimitBytes,
  parseIndex,
  parseManifest,
  type Reference,
} from '../formats/oci/index.ts';
import { type Digest, Fault, hexOf, isDigest, isFault, readAll } from '../kit/index.ts';

const shortestId = 6;

/**
 * What a reference means that is no name in the store: a digest after an `@`, or an image id, that is
 * the digest of what is named, or its first six digits and more, with or without `sha256:`.
 * @throws {Fault} IMAGE_NOT_FOUND when the beginning of an id fits several images.
 */
export async function findById(
  store: ReadableStore,
  names: readonly Named[],
  reference: Reference,
): Promise<Descriptor | undefined> {
  const { digest } = reference;
  if (digest !== undefined)
    return names.find((each) => each.descriptor.digest === digest)?.descriptor ?? probe(store, digest);
  const id = idOf(reference);
  if (id === undefined) return undefined;
  const fitting = names.filter(({ descriptor }) => hexOf(descriptor.digest).startsWith(id));
  const [first] = fitting;
  if (new Set(fitting.map(({ descriptor }) => descriptor.digest)).size > 1) ambiguous(id);
  return first?.descriptor ?? (isDigest(`sha256:${id}`) ? probe(store, `sha256:${id}`) : undefined);
}

/** `0123456789ab` was read as docker.io/library/0123456789ab:latest, and `sha256:0123` as a tag of `sha256`. */
function idOf({ registry, repository, tag = '' }: Reference): string | undefined {
  if (registry !== 'docker.io') return undefined;
  const id = repository === 'library/sha256' ? tag : tag === 'latest' ? repository.slice('library/'.length) : '';
  return /^[0-9a-f]+$/.test(id) && id.length >= shortestId ? id : undefined;
}

/** A manifest or an index that the store has without a name of its own, as those in an index. */
async function probe(store: ReadableStore, digest: Digest): Promise<Descriptor | undefined> {
  if (!(await store.has(digest))) return undefined;
  const raw = await readAll(await store.get(digest), documentLimitBytes);
  const mediaType = documentType(raw);
  return mediaType === undefined ? undefined : { mediaType, digest, size: raw.byteLength };
}

function documentType(raw: Uint8Array): string | undefined {
  for (const parse of [parseManifest, (bytes: Uint8Array) => parseIndex(bytes)]) {
    try {
      return parse(raw).value.mediaType;
    } catch (error) {
      if (!isFault(error)) throw error;
    }
  }
  return undefined;
}

function ambiguous(id: string): never {
  throw new Fault('IMAGE_NOT_FOUND', `${id} is the beginning of several image ids`, { hint: 'Write more of it.' });
}

import type { Named, NamedStore } from '../../content/index.ts';
import { familiarReference, formatReference, parseReference, withDefaultTag } from '../../formats/oci/index.ts';
import { Fault, hexOf, isFault } from '../../kit/index.ts';

/** The full reference that `text` means in the local store: `nginx` is `docker.io/library/nginx:latest`. */
export const fullName = (text: string): string => formatReference(withDefaultTag(parseReference(text)));

/** A stored name as users write it. What is no reference, since another tool wrote it, stays as it is. */
export function familiarName(name: string): string {
  try {
    return familiarReference(parseReference(name));
  } catch (error) {
    if (isFault(error, 'REFERENCE_INVALID')) return name;
    throw error;
  }
}

/**
 * The entries of the store that `text` means: one by its name, or all names of the image whose digest begins so.
 * @throws {Fault} IMAGE_NOT_FOUND, also when it is the beginning of two digests
 */
export async function findEntries(store: NamedStore, text: string): Promise<readonly Named[]> {
  const names = await store.names();
  const named = names.filter(({ name }) => name !== '' && (name === text || name === findFullName(text)));
  if (named.length > 0) return named;
  const hex = /^(?:sha256:)?([0-9a-f]{6,64})$/.exec(text)?.[1];
  const byId = names.filter(({ descriptor }) => hex !== undefined && hexOf(descriptor.digest).startsWith(hex));
  if (new Set(byId.map(({ descriptor }) => descriptor.digest)).size > 1) {
    throw new Fault('IMAGE_NOT_FOUND', `${text} is the beginning of several image ids`, { hint: 'Write more of it.' });
  }
  if (byId.length > 0) return byId;
  throw new Fault('IMAGE_NOT_FOUND', `there is no image ${text} in the local store`, {
    hint: 'osless images lists those that are there.',
  });
}

/** As {@link fullName}; undefined for what is no reference. */
function findFullName(text: string): string | undefined {
  try {
    return fullName(text);
  } catch (error) {
    if (isFault(error, 'REFERENCE_INVALID')) return undefined;
    throw error;
  }
}

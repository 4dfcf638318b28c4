import type { LocalStore } from '../../content/index.ts';
import { Fault } from '../../kit/index.ts';
import { familiarName, findEntries, fullName } from './names.ts';

/** Gives the image `source` (a name or an id) the further name `target`, taking it from whatever had it. */
export async function tagImage(
  store: LocalStore,
  { source, target }: { readonly source: string; readonly target: string },
): Promise<void> {
  const name = fullName(target);
  if (name.includes('@')) {
    throw new Fault('REFERENCE_INVALID', `${target} has a digest, which nobody can choose`, {
      hint: 'Give a name and a tag.',
    });
  }
  const [entry] = await findEntries(store, source);
  if (entry !== undefined) await store.setName(name, entry.descriptor);
}

export interface Removal {
  /** Names that were taken away, as users write them. */
  readonly untagged: readonly string[];
  readonly removedBlobs: number;
  readonly freedBytes: number;
}

/** Takes names away, an id's all, and then what nothing names any more. Nothing is done when one is not there. */
export async function removeImages(store: LocalStore, texts: readonly string[]): Promise<Removal> {
  const names = new Set<string>();
  for (const text of texts) {
    const entries = await findEntries(store, text);
    for (const { name } of entries) names.add(name);
  }
  for (const name of names) await store.removeName(name);
  const { blobs, sizeBytes } = await store.removeUnused();
  return { untagged: [...names].map(familiarName), removedBlobs: blobs, freedBytes: sizeBytes };
}

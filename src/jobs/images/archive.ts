import { type LocalStore, type Named, openArchive } from '../../content/index.ts';
import { isTag, type Platform } from '../../formats/oci/index.ts';
import { openImage, saveAll, saveImages } from '../../image/index.ts';
import { type Digest, Fault, hexOf } from '../../kit/index.ts';
import { familiarName, findEntries, fullName } from './names.ts';

export interface ArchiveOptions {
  readonly store: LocalStore;
  /** Which image of an index is saved. */
  readonly platform: Platform;
  readonly signal?: AbortSignal;
}

export interface SaveTarget {
  readonly format: 'docker-archive' | 'oci-archive';
  /** undefined: `stdout` takes the bytes, of a docker archive. */
  readonly path: string | undefined;
  readonly stdout: (bytes: AsyncIterable<Uint8Array>) => Promise<void>;
}

/** Writes images of the store, by their names or ids, into one archive. @throws {Fault} IMAGE_NOT_FOUND */
export async function saveArchive(
  names: readonly string[],
  { format, path, stdout }: SaveTarget,
  options: ArchiveOptions,
): Promise<void> {
  const images = [];
  for (const name of names) {
    const found = await findEntries(options.store, name);
    const isByName = found.length === 1 && found[0]?.name === fullName(name);
    images.push({ image: await openImage(name, options), names: isByName ? [fullName(name)] : [] });
  }
  await saveImages(images, path === undefined ? { kind: 'stream' } : { kind: format, path }, { ...options, stdout });
}

export interface Loaded {
  /** As users write it. */
  readonly name: string;
  readonly digest: Digest;
}

/**
 * Brings all images of an archive into the store, all platforms of each. A name appears when all its bytes are there.
 * `baseName` names what has no name, or only a tag, as in layouts.
 * @throws {Fault} IMAGE_NOT_FOUND for an archive without images, and what reading it throws
 */
export async function loadArchive(
  from: string | AsyncIterable<Uint8Array>,
  { store, signal, baseName }: Omit<ArchiveOptions, 'platform'> & { readonly baseName: string },
): Promise<readonly Loaded[]> {
  const archive = await openArchive(from, { spool: (bytes) => store.spool(bytes) });
  try {
    const loaded: Loaded[] = [];
    for (const [name, entries] of groupedByName(await archive.names())) {
      const roots = entries.map(({ descriptor }) => descriptor);
      const target = nameInStore(name, { baseName, digest: roots[0]?.digest });
      const { digest } = await saveAll({ store: archive, roots, name }, target, { store, signal });
      loaded.push({ name: familiarName(fullName(target)), digest });
    }
    if (loaded.length > 0) return loaded;
    throw new Fault('IMAGE_NOT_FOUND', 'the archive holds no image', { hint: 'Give another one.' });
  } finally {
    archive.close();
  }
}

/** One image for each name; each entry without one is an image of its own. */
function groupedByName(entries: readonly Named[]): [name: string, entries: Named[]][] {
  const groups = new Map<string, { name: string; entries: Named[] }>();
  for (const entry of entries) {
    const key = entry.name || entry.descriptor.digest;
    const group = groups.get(key) ?? { name: entry.name, entries: [] };
    group.entries.push(entry);
    groups.set(key, group);
  }
  return [...groups.values()].map((group) => [group.name, group.entries]);
}

function nameInStore(name: string, other: { readonly baseName: string; readonly digest: Digest | undefined }): string {
  if (name.includes('/') || name.includes(':')) return name;
  const base =
    other.baseName
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'loaded';
  if (isTag(name)) return `${base}:${name}`;
  return other.digest === undefined ? base : `${base}:${hexOf(other.digest).slice(0, 12)}`;
}

import {
  type ArchiveBlob,
  type DockerImage,
  type LocalStore,
  type NamedStore,
  named,
  type Spooled,
  saveFile,
  spool,
  writeArchive,
} from '../content/index.ts';
import { familiarReference, parseReference } from '../formats/oci/index.ts';
import { type Digest, isFault } from '../kit/index.ts';
import { abortable } from './abortable.ts';
import { type Bundle, bundleOf } from './bundle.ts';
import { uncompressed } from './convert.ts';
import type { Image } from './image.ts';

/** An image and the references in full that it shall have. */
export interface NamedImage {
  readonly image: Image;
  readonly names: readonly string[];
}

/** Where the bytes of an archive go. */
export type Sink = (bytes: AsyncIterable<Uint8Array>) => Promise<void>;

export interface ArchiveTarget {
  readonly sink: Sink;
  /** For what has to be kept on disk on the way. */
  readonly store: NamedStore | LocalStore;
  readonly signal?: AbortSignal | undefined;
}

export const fileSink =
  (path: string): Sink =>
  (bytes) =>
    saveFile(path, bytes);

/** Writes a layout as a tar; each bundle is listed once for each of its names. */
export async function saveOciArchive(
  bundles: readonly (Bundle & { readonly names: readonly string[] })[],
  { sink, signal }: Pick<ArchiveTarget, 'sink' | 'signal'>,
): Promise<void> {
  const entries = bundles.flatMap(({ root, names }) =>
    (names.length === 0 ? [''] : names).map((name) => named(root, name)),
  );
  await sink(abortable(writeArchive({ entries, blobs: unique(bundles) }), signal));
}

/** Writes what `docker load` reads; returns the digests of the manifests in it. */
export async function saveDockerArchive(
  images: readonly NamedImage[],
  { sink, store, signal }: ArchiveTarget,
): Promise<readonly Digest[]> {
  const keep = 'spool' in store ? store.spool.bind(store) : spool;
  const kept: Spooled[] = [];
  try {
    const plain: NamedImage[] = [];
    for (const { image, names } of images) plain.push({ names, image: await uncompressed(image, keep, kept) });
    const bundles = plain.map(({ image, names }) => ({ ...bundleOf(image), names }));
    const entries = bundles.flatMap(({ root, names }) =>
      (names.length === 0 ? [''] : names).map((name) => named(root, name)),
    );
    await sink(abortable(writeArchive({ entries, blobs: unique(bundles) }, plain.map(dockerImage)), signal));
    return plain.map(({ image }) => image.digest);
  } finally {
    for (const { close } of kept) close();
  }
}

const dockerImage = ({ image, names }: NamedImage): DockerImage => ({
  config: image.manifest.value.config.digest,
  layers: image.layers.map(({ diffId }) => diffId),
  names: names.map(familiarName),
});

/** Each blob once. */
function unique(bundles: readonly Bundle[]): readonly ArchiveBlob[] {
  const blobs = bundles.flatMap((bundle) => bundle.blobs);
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}

function familiarName(name: string): string {
  try {
    return familiarReference(parseReference(name));
  } catch (error) {
    if (isFault(error)) return name;
    throw error;
  }
}

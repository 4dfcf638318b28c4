import type { ArchiveBlob, ReadableStore } from '../content/index.ts';
import {
  type Descriptor,
  formatIndex,
  isIndexType,
  isManifestType,
  mediaTypes,
  parseIndex,
  parseManifest,
} from '../formats/oci/index.ts';
import { bytesSource, digestOf, type Source } from '../kit/index.ts';
import { readDocument } from './document.ts';
import type { Image } from './image.ts';
import type { Opened } from './open.ts';

/** A document and everything that it leads to, ready to be written somewhere; children before parents. */
export interface Bundle {
  readonly root: Descriptor;
  readonly blobs: readonly BundleBlob[];
}

interface BundleBlob extends ArchiveBlob {
  /** Its bytes may be elsewhere, as those of licence-bound layers. */
  readonly optional: boolean;
}

export function bundleOf({ manifest, config, layers, digest, platform }: Image): Bundle {
  const { mediaType } = manifest.value;
  const root = { mediaType, digest, size: manifest.raw.byteLength, platform };
  return {
    root,
    blobs: [
      ...layers.map(({ descriptor, blob }) => blobOf(descriptor, blob)),
      blobOf(manifest.value.config, bytesSource(config.raw)),
      blobOf(root, bytesSource(manifest.raw)),
    ],
  };
}

/** All platforms of what was opened, with attestations and all; entries whose manifest is not there stay away. */
export async function bundleOfAll({ store, roots }: Opened): Promise<Bundle> {
  const blobs = new Map<string, BundleBlob>();
  const [only] = roots;
  if (roots.length === 1 && only !== undefined) {
    await collect(store, only, blobs);
    return { root: only, blobs: [...blobs.values()] };
  }
  for (const root of roots) await collect(store, root, blobs);
  const raw = formatIndex({ mediaType: mediaTypes.index, manifests: roots, annotations: {} });
  const root = { mediaType: mediaTypes.index, digest: digestOf(raw), size: raw.byteLength };
  return { root, blobs: [...blobs.values(), blobOf(root, bytesSource(raw))] };
}

async function collect(store: ReadableStore, descriptor: Descriptor, blobs: Map<string, BundleBlob>): Promise<void> {
  if (blobs.has(descriptor.digest) || !(await store.has(descriptor.digest))) return;
  const raw = await readDocument(store, descriptor);
  if (isIndexType(descriptor.mediaType)) {
    for (const entry of parseIndex(raw).value.manifests) await collect(store, entry, blobs);
  } else if (isManifestType(descriptor.mediaType)) {
    const { config, layers } = parseManifest(raw).value;
    for (const child of [...layers, config]) blobs.set(child.digest, blobOf(child, lazy(store, child)));
  }
  blobs.set(descriptor.digest, blobOf(descriptor, bytesSource(raw)));
}

const blobOf = ({ digest, size, urls }: Descriptor, source: Source): BundleBlob => ({
  digest,
  sizeBytes: size,
  source,
  optional: urls !== undefined,
});

const lazy = (store: ReadableStore, { digest, size }: Descriptor): Source => ({
  sizeBytes: size,
  async *open() {
    yield* (await store.get(digest)).open();
  },
});

import type { NamedStore, ReadableStore } from '../content/index.ts';
import {
  type Descriptor,
  familiarReference,
  isIndexType,
  type Platform,
  parseImageConfig,
  parseManifest,
  parseReference,
} from '../formats/oci/index.ts';
import { type Digest, type Fault, isFault } from '../kit/index.ts';
import { manifestsOf } from './choose.ts';
import { readDocument } from './document.ts';

/** One name of a store, and what it stands for. */
export interface ListedImage {
  /** As it is kept: a reference in full; '' for none. */
  readonly name: string;
  /** As docker shows it. */
  readonly familiarName: string;
  /** Of the manifest or the index. */
  readonly digest: Digest;
  readonly isIndex: boolean;
  /** Those that are there; one for a plain image. */
  readonly platforms: readonly Platform[];
  /** Layers, configs and manifests, as they are stored. */
  readonly sizeBytes: number;
  /** RFC 3339; of the first platform. */
  readonly created: string | undefined;
  /** Why the rest is not known: a document is missing or wrong. */
  readonly problem: Fault | undefined;
}

/** Everything that has a name in `store`, sorted by name. An image that is broken is listed with its problem. */
export async function listImages(store: NamedStore): Promise<readonly ListedImage[]> {
  const listed: ListedImage[] = [];
  for (const { name, descriptor } of await store.names()) {
    const known = {
      name,
      familiarName: familiar(name),
      digest: descriptor.digest,
      isIndex: isIndexType(descriptor.mediaType),
    };
    listed.push({ ...known, ...(await describe(store, descriptor)) });
  }
  return listed;
}

type Description = Pick<ListedImage, 'platforms' | 'sizeBytes' | 'created' | 'problem'>;

async function describe(store: ReadableStore, root: Descriptor): Promise<Description> {
  try {
    const candidates = await manifestsOf(store, [root]);
    let sizeBytes = isIndexType(root.mediaType) ? root.size : 0;
    let created: string | undefined;
    for (const { descriptor } of candidates) {
      const { config, layers } = parseManifest(await readDocument(store, descriptor)).value;
      sizeBytes += [...layers, config, descriptor].reduce((sum, { size }) => sum + size, 0);
      created ??= parseImageConfig(await readDocument(store, config)).value.created;
    }
    return { platforms: candidates.map(({ platform }) => platform), sizeBytes, created, problem: undefined };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { platforms: [], sizeBytes: 0, created: undefined, problem: error };
  }
}

function familiar(name: string): string {
  try {
    return familiarReference(parseReference(name));
  } catch (error) {
    if (isFault(error)) return name;
    throw error;
  }
}

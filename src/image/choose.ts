import type { ReadableStore } from '../content/index.ts';
import {
  type Descriptor,
  formatPlatform,
  isAttestation,
  isIndexType,
  isManifestType,
  type Platform,
  parseImageConfig,
  parseIndex,
  parseManifest,
  platformRank,
} from '../formats/oci/index.ts';
import { Fault } from '../kit/index.ts';
import { readDocument } from './document.ts';

export interface Wanted {
  /** Default: whatever the place has, when it is just one. */
  readonly platform?: Platform | undefined;
  /** Whether an image that is alone must be for `platform` as well; docker takes it as it is. Default: false. */
  readonly platformRequired?: boolean | undefined;
}

/** A manifest of an index, and what it is for. */
export interface Candidate {
  readonly descriptor: Descriptor;
  readonly platform: Platform;
}

const maximumDepth = 8;
const maximumEntries = 2000;

/**
 * The one manifest among `roots` (manifests and indexes, nested ones too) that serves the wanted platform best.
 * Attestations and other artifacts are never taken.
 * @throws {Fault} PLATFORM_NOT_FOUND, NOT_AN_IMAGE, BLOB_NOT_FOUND
 */
export async function chooseManifest(
  store: ReadableStore,
  roots: readonly Descriptor[],
  wanted: Wanted,
): Promise<Descriptor> {
  const [only] = roots;
  if (roots.length === 1 && only && isManifestType(only.mediaType) && !wanted.platformRequired) return only;
  const candidates = await manifestsOf(store, roots);
  const { platform } = wanted;
  if (platform === undefined) {
    const [single] = candidates;
    return candidates.length === 1 && single ? single.descriptor : severalPlatforms(candidates);
  }
  const ranked = candidates
    .map(({ descriptor, platform: had }) => ({ descriptor, rank: platformRank(platform, had) }))
    .filter((each): each is { descriptor: Descriptor; rank: number } => each.rank !== undefined)
    .sort((a, b) => a.rank - b.rank);
  return ranked[0]?.descriptor ?? platformNotFound(platform, candidates);
}

/** Every image manifest that `roots` lead to and that is there, with its platform. */
export async function manifestsOf(store: ReadableStore, roots: readonly Descriptor[]): Promise<readonly Candidate[]> {
  const found: Descriptor[] = [];
  let absent: Descriptor | undefined;
  let entries = 0;
  let level = roots;
  for (let depth = 0; level.length > 0; depth++) {
    entries += level.length;
    if (depth > maximumDepth || entries > maximumEntries) tooNested();
    const next: Descriptor[] = [];
    for (const descriptor of level.filter((entry) => !isAttestation(entry))) {
      const isKnown = isManifestType(descriptor.mediaType) || isIndexType(descriptor.mediaType);
      if (!isKnown) continue;
      if (!(await store.has(descriptor.digest))) absent ??= descriptor;
      else if (isManifestType(descriptor.mediaType)) found.push(descriptor);
      else next.push(...parseIndex(await readDocument(store, descriptor)).value.manifests);
    }
    level = next;
  }
  if (found.length === 0) return nothing(absent);
  return Promise.all(found.map(async (descriptor) => ({ descriptor, platform: await platformOf(store, descriptor) })));
}

/** As the index says, else as the config says. */
async function platformOf(store: ReadableStore, descriptor: Descriptor): Promise<Platform> {
  if (descriptor.platform?.architecture) return descriptor.platform;
  const { config } = parseManifest(await readDocument(store, descriptor)).value;
  return parseImageConfig(await readDocument(store, config)).value.platform;
}

const listed = (candidates: readonly Candidate[]): string =>
  [...new Set(candidates.map(({ platform }) => formatPlatform(platform)))].slice(0, 30).join(', ');

function platformNotFound(wanted: Platform, candidates: readonly Candidate[]): never {
  throw new Fault(
    'PLATFORM_NOT_FOUND',
    `there is no image for ${formatPlatform(wanted)}, but for ${listed(candidates)}`,
    {
      hint: 'Choose one of these with --platform.',
    },
  );
}

function severalPlatforms(candidates: readonly Candidate[]): never {
  throw new Fault('PLATFORM_NOT_FOUND', `there are images for ${listed(candidates)}`, {
    hint: 'Choose one of these with --platform.',
  });
}

function nothing(absent: Descriptor | undefined): never {
  if (absent === undefined) {
    throw new Fault('NOT_AN_IMAGE', 'there is no image, just attestations or artifacts of other kinds', {
      hint: 'Give the place of a container image.',
    });
  }
  throw new Fault('BLOB_NOT_FOUND', `the manifest ${absent.digest} is named, but is not there`, {
    hint: 'Fetch or save the image again; this is a copy of a part.',
    about: { digest: absent.digest },
  });
}

function tooNested(): never {
  throw new Fault(
    'INDEX_MALFORMED',
    `an index leads to more than ${maximumEntries} entries or ${maximumDepth} levels`,
    {
      hint: 'Give the digest of the image itself.',
    },
  );
}

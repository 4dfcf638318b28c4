import type { NamedStore } from '../../content/index.ts';
import { formatPlatform } from '../../formats/oci/index.ts';
import { listImages } from '../../image/index.ts';
import { compareNames, type Digest } from '../../kit/index.ts';

/** One name in the local store. */
export interface ImageRow {
  /** As users write it; null for an image without a name. */
  readonly name: string | null;
  readonly repository: string | null;
  readonly tag: string | null;
  /** Digest of the manifest or index: the image id. */
  readonly digest: Digest;
  readonly platforms: readonly string[];
  /** RFC 3339; null when the image does not say. */
  readonly created: string | null;
  /** Bytes of everything that belongs to it, as it is kept. */
  readonly sizeBytes: number;
}

export interface ImageList {
  /** Sorted by name. */
  readonly images: readonly ImageRow[];
  /** What is wrong with those that are broken, which are listed too. */
  readonly problems: readonly string[];
}

/** The images of a store; with `filter` only those of this name or repository. */
export async function list(store: NamedStore, filter: string | undefined): Promise<ImageList> {
  const images: ImageRow[] = [];
  const problems: string[] = [];
  for (const { name, familiarName, problem, platforms, created, ...rest } of await listImages(store)) {
    const parts = name === '' ? noName : partsOf(familiarName);
    if (filter !== undefined && filter !== parts.name && filter !== parts.repository) continue;
    const { digest, sizeBytes } = rest;
    images.push({ ...parts, digest, platforms: platforms.map(formatPlatform), created: created ?? null, sizeBytes });
    if (problem !== undefined) problems.push(`${parts.name ?? digest} is broken: ${problem.message}`);
  }
  return { images: images.sort(byName), problems };
}

/** As people read them: `app` before `app-2`, whatever follows the colon. */
const byName = (a: ImageRow, b: ImageRow): number =>
  compareNames(a.repository ?? '', b.repository ?? '') || compareNames(a.tag ?? '', b.tag ?? '');

const noName = { name: null, repository: null, tag: null };

/** `me/app:1` in two; a name with a digest has no tag of its own. */
function partsOf(name: string): Pick<ImageRow, 'name' | 'repository' | 'tag'> {
  const [plain = ''] = name.split('@');
  const colon = plain.lastIndexOf(':');
  if (colon === -1 || plain.includes('/', colon)) return { name, repository: plain, tag: null };
  return { name, repository: plain.slice(0, colon), tag: plain.slice(colon + 1) };
}

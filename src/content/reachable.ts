import { type Digest, type Fields, isDigest } from '../kit/index.ts';

export interface Reachable {
  /** The roots, and every blob that they lead to, whether it is there or not. */
  readonly digests: ReadonlySet<Digest>;
  /** Roots, and blobs of manifests that are there, which are not there themselves. */
  readonly missing: ReadonlySet<Digest>;
}

export interface BlobFiles {
  has(digest: Digest): boolean;
  /** The bytes of a blob, unless it is absent or too large to be a document. */
  document(digest: Digest): Uint8Array | undefined;
}

/**
 * Every blob that the documents `roots` lead to. It follows whatever looks like a manifest or an index and
 * never fails on a document that is wrong: what is in doubt counts as reachable.
 * Entries of an index whose manifest is absent are not missing: stores hold single platforms of many.
 */
export function reachable(roots: readonly Digest[], files: BlobFiles): Reachable {
  const digests = new Set<Digest>(roots);
  const missing = new Set<Digest>(roots.filter((root) => !files.has(root)));
  const seen = new Set<Digest>();
  const queue = [...roots];
  for (let digest = queue.pop(); digest !== undefined; digest = queue.pop()) {
    if (seen.has(digest)) continue;
    seen.add(digest);
    digests.add(digest);
    const bytes = files.document(digest);
    if (bytes === undefined) continue;
    const { blobs, manifests } = linksOf(bytes);
    for (const blob of blobs) {
      digests.add(blob.digest);
      if (!blob.optional && !files.has(blob.digest)) missing.add(blob.digest);
    }
    for (const manifest of manifests) queue.push(manifest.digest);
  }
  return { digests, missing };
}

interface Link {
  readonly digest: Digest;
  /** Its bytes may be elsewhere, as those of licence-bound layers. */
  readonly optional: boolean;
}

function linksOf(bytes: Uint8Array): { blobs: readonly Link[]; manifests: readonly Link[] } {
  const fields = fieldsOf(bytes);
  const blobs = [fields['config'], ...listOf(fields['layers']), ...listOf(fields['blobs'])];
  return { blobs: blobs.flatMap(linkOf), manifests: listOf(fields['manifests']).flatMap(linkOf) };
}

function fieldsOf(bytes: Uint8Array): Fields {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function linkOf(value: unknown): Link[] {
  if (!isFields(value)) return [];
  const { digest, urls } = value;
  return typeof digest === 'string' && isDigest(digest) ? [{ digest, optional: listOf(urls).length > 0 }] : [];
}

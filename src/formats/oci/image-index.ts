import { type Fields, fieldReader } from '../../kit/index.ts';
import { formatDescriptor, parseCommonFields, parseDescriptor } from './descriptor.ts';
import { boundedList, documentBytes, documentLimitBytes, parseDocument, patchFields, unlessEmpty } from './document.ts';
import { isIndexType, mediaTypes } from './media-types.ts';
import type { Descriptor, Index, Parsed } from './types.ts';

const maximumManifests = 100_000;
const read = fieldReader('INDEX_MALFORMED', 'an image index');
/** What only a manifest has: two tools could read two images in such a document. */
const foreignFields = ['config', 'layers', 'fsLayers', 'signatures'];

/**
 * Reads an image index, docker's manifest list, or the index.json of a layout.
 * @throws {Fault} INDEX_MALFORMED, also when it is a manifest; TOO_LARGE beyond `limitBytes` (default 4 MiB).
 */
export function parseIndex(raw: Uint8Array, limitBytes = documentLimitBytes): Parsed<Index> {
  const fields = parseDocument(raw, read, limitBytes);
  const foreign = foreignFields.find((name) => name in fields);
  if (foreign !== undefined) read.fail(`has ${foreign}, which no image index may have`);
  if (fields['schemaVersion'] !== 2) read.fail('has no schemaVersion 2');
  const mediaType = read.optional(fields['mediaType'], read.string, 'mediaType') ?? mediaTypes.index;
  if (!isIndexType(mediaType)) read.fail(`says that it is ${JSON.stringify(mediaType.slice(0, 100))}`);
  const manifests = boundedList(fields['manifests'], 'manifests', { read, limit: maximumManifests });
  return {
    raw,
    value: {
      mediaType,
      manifests: manifests.map((manifest, at) => parseDescriptor(manifest, `manifests[${at}]`, read)),
      ...parseCommonFields(fields, read),
    },
  };
}

/** The bytes of an index; see {@link formatManifest}. */
export function formatIndex(value: Index, original?: Uint8Array): Uint8Array {
  const fields: Fields = {
    schemaVersion: 2,
    mediaType: value.mediaType,
    artifactType: value.artifactType,
    manifests: value.manifests.map(formatDescriptor),
    subject: value.subject && formatDescriptor(value.subject),
    annotations: unlessEmpty(value.annotations),
  };
  const limit = Number.MAX_SAFE_INTEGER;
  return documentBytes(original === undefined ? fields : patchFields(parseDocument(original, read, limit), fields));
}

/** The bytes of the index `raw` with entries taken out and others put at its end; the rest is kept as it stands. */
export function editIndex(
  raw: Uint8Array,
  { remove, add }: { remove: (entry: Descriptor) => boolean; add: readonly Descriptor[] },
): Uint8Array {
  const fields = parseDocument(raw, read, Number.MAX_SAFE_INTEGER);
  const entries = read.optional(fields['manifests'], read.array, 'manifests') ?? [];
  const kept = entries.filter((entry, at) => !remove(parseDescriptor(entry, `manifests[${at}]`, read)));
  return documentBytes({ ...fields, manifests: [...kept, ...add.map(formatDescriptor)] });
}

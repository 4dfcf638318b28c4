import { type Fields, fieldReader } from '../../kit/index.ts';
import { formatDescriptor, parseCommonFields, parseDescriptor } from './descriptor.ts';
import { boundedList, documentBytes, parseDocument, patchFields, unlessEmpty } from './document.ts';
import { isManifestType, mediaTypes } from './media-types.ts';
import type { Manifest, Parsed } from './types.ts';

const maximumLayers = 1000;
const read = fieldReader('MANIFEST_MALFORMED', 'an image manifest');
/** What only an index or docker's schema 1 has: two tools could read two images in such a document. */
const foreignFields = ['manifests', 'fsLayers', 'signatures'];

/**
 * Reads an image manifest of OCI or of docker's schema 2. A document without a media type is taken as OCI's.
 * @throws {Fault} MANIFEST_MALFORMED, also when it is an index or docker's schema 1; TOO_LARGE.
 */
export function parseManifest(raw: Uint8Array): Parsed<Manifest> {
  const fields = parseDocument(raw, read);
  if (fields['schemaVersion'] === 1) read.fail('is of docker schema 1, which nobody should use since 2017');
  const foreign = foreignFields.find((name) => name in fields);
  if (foreign !== undefined) read.fail(`has ${foreign}, which no image manifest may have`);
  if (fields['schemaVersion'] !== 2) read.fail('has no schemaVersion 2');
  const mediaType = read.optional(fields['mediaType'], read.string, 'mediaType') ?? mediaTypes.manifest;
  if (!isManifestType(mediaType)) read.fail(`says that it is ${JSON.stringify(mediaType.slice(0, 100))}`);
  const layers = boundedList(fields['layers'], 'layers', { read, limit: maximumLayers });
  return {
    raw,
    value: {
      mediaType,
      config: parseDescriptor(fields['config'], 'config', read),
      layers: layers.map((layer, at) => parseDescriptor(layer, `layers[${at}]`, read)),
      ...parseCommonFields(fields, read),
    },
  };
}

/**
 * The bytes of a manifest: the same value gives the same bytes.
 * With the bytes of an `original`, fields that this library does not know are kept from there.
 */
export function formatManifest(value: Manifest, original?: Uint8Array): Uint8Array {
  const fields: Fields = {
    schemaVersion: 2,
    mediaType: value.mediaType,
    artifactType: value.artifactType,
    config: formatDescriptor(value.config),
    layers: value.layers.map(formatDescriptor),
    subject: value.subject && formatDescriptor(value.subject),
    annotations: unlessEmpty(value.annotations),
  };
  return documentBytes(original === undefined ? fields : patchFields(parseDocument(original, read), fields));
}

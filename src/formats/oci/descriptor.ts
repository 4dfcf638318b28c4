import { digestOf, type FieldReader, type Fields, isDigest } from '../../kit/index.ts';
import { boundedList } from './document.ts';
import { formatPlatformFields, parsePlatformFields } from './platform-fields.ts';
import type { Descriptor, Manifest } from './types.ts';

const maximumUrls = 100;
const maximumMediaTypeLength = 255;

/** Reads a descriptor (image-spec v1.1, descriptor.md); embedded `data` must be what size and digest say. */
export function parseDescriptor(value: unknown, name: string, read: FieldReader): Descriptor {
  const fields = read.object(value, name);
  const mediaType = read.string(fields['mediaType'], `${name}.mediaType`);
  if (mediaType === '' || mediaType.length > maximumMediaTypeLength) read.fail(`has no usable ${name}.mediaType`);
  const digest = read.string(fields['digest'], `${name}.digest`);
  if (!isDigest(digest)) return read.fail(`has ${JSON.stringify(digest.slice(0, 80))} as ${name}.digest`);
  const size = read.size(fields['size'], `${name}.size`);
  const urls = boundedList(fields['urls'], `${name}.urls`, { read, limit: maximumUrls });
  const platform = read.optional(fields['platform'], (it) => parsePlatformFields(it, read), 'platform');
  const annotations = read.optional(fields['annotations'], read.stringMap, `${name}.annotations`);
  const artifactType = read.optional(fields['artifactType'], read.string, `${name}.artifactType`);
  const data = read.optional(fields['data'], read.string, `${name}.data`);
  return {
    mediaType,
    digest,
    size,
    ...(platform && { platform }),
    ...(annotations && { annotations }),
    ...(artifactType && { artifactType }),
    ...(urls.length > 0 && { urls: urls.map((url) => read.string(url, `${name}.urls`)) }),
    ...(data !== undefined && { data: embedded(data, { digest, size }, read) }),
  };
}

/** A descriptor as JSON fields, in the order of the specification. */
export function formatDescriptor(descriptor: Descriptor): Fields {
  const { mediaType, digest, size, urls, annotations, data, platform, artifactType } = descriptor;
  return {
    mediaType,
    digest,
    size,
    ...(urls && { urls }),
    ...(annotations && { annotations }),
    ...(data && { data: Buffer.from(data).toString('base64') }),
    ...(platform && { platform: formatPlatformFields(platform) }),
    ...(artifactType && { artifactType }),
  };
}

function embedded(text: string, { digest, size }: Pick<Descriptor, 'digest' | 'size'>, read: FieldReader): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  const algorithm = digest.startsWith('sha512:') ? 'sha512' : 'sha256';
  if (bytes.length !== size || digestOf(bytes, algorithm) !== digest) {
    read.fail(`embeds data in a descriptor that is not what ${digest} names`);
  }
  return bytes;
}

/** What a manifest and an index have in common: annotations, and what they are attached to. */
export function parseCommonFields(
  fields: Fields,
  read: FieldReader,
): Pick<Manifest, 'annotations' | 'artifactType' | 'subject'> {
  const subject = read.optional(fields['subject'], (it, name) => parseDescriptor(it, name, read), 'subject');
  const artifactType = read.optional(fields['artifactType'], read.string, 'artifactType');
  return {
    annotations: read.optional(fields['annotations'], read.stringMap, 'annotations') ?? {},
    ...(artifactType && { artifactType }),
    ...(subject && { subject }),
  };
}

import { Fault, type FieldReader, type Fields } from '../../kit/index.ts';

/** The largest manifest, index or config that is read: what registries accept (distribution-spec v1.1, "Pushing Manifests"). */
export const documentLimitBytes = 4 * 1024 * 1024;

/** Parses one bounded JSON object. */
export function parseDocument(raw: Uint8Array, read: FieldReader, limitBytes = documentLimitBytes): Fields {
  if (raw.byteLength > limitBytes) {
    throw new Fault('TOO_LARGE', `a document has ${raw.byteLength} bytes, and ${limitBytes} are allowed for it`);
  }
  return read.object(read.parse(raw), 'the document');
}

/** A list of at most `limit` items; an absent one is empty. */
export function boundedList(value: unknown, name: string, { read, limit }: { read: FieldReader; limit: number }) {
  const list = read.optional(value, read.array, name) ?? [];
  if (list.length > limit) read.fail(`has ${list.length} ${name}, and ${limit} are allowed`);
  return list;
}

/** The bytes of a document: compact JSON, keys in the order they are in, fields without a value left out. */
export const documentBytes = (fields: Fields): Uint8Array => Buffer.from(JSON.stringify(fields), 'utf8');

/** `original` with some fields replaced in their place; undefined removes one; new ones come last. */
export function patchFields(original: Fields, changes: Fields): Fields {
  const patched: Record<string, unknown> = { ...original };
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete patched[key];
    else patched[key] = value;
  }
  return patched;
}

/** `value` as a field, or nothing when there is nothing in it. */
export const unlessEmpty = <T extends object>(value: T | undefined): T | undefined =>
  value === undefined || Object.keys(value).length === 0 ? undefined : value;

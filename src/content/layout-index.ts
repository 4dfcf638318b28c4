import {
  type Descriptor,
  editIndex,
  type Index,
  mediaTypes,
  nameOf,
  type Parsed,
  parseIndex,
} from '../formats/oci/index.ts';
import { errnoOf, Fault } from '../kit/index.ts';
import { readSmallFile } from './file-source.ts';
import { named } from './names.ts';

/** The largest index.json that is read: that of a store may name many images. */
export const indexLimitBytes = 8 * 1024 * 1024;
export const layoutLimitBytes = 64 * 1024;

/** The text of the file `oci-layout` (image-spec v1.1, image-layout.md). */
export const layoutFile = '{"imageLayoutVersion":"1.0.0"}';

/** @throws {Fault} LAYOUT_MALFORMED for a file `oci-layout` of another version. */
export function checkLayoutFile(bytes: Uint8Array, where: string): void {
  let version: unknown;
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    version = typeof value === 'object' && value !== null && 'imageLayoutVersion' in value && value.imageLayoutVersion;
  } catch {
    version = undefined;
  }
  if (typeof version === 'string' && /^1\./.test(version)) return;
  throw new Fault('LAYOUT_MALFORMED', `${where} has a file oci-layout without a version 1 in it`, {
    hint: 'Give a directory or archive that holds an OCI image layout.',
  });
}

/** The index.json at `path`; an empty one when there is none. */
export function readIndex(path: string): Parsed<Index> {
  let raw: Uint8Array;
  try {
    raw = readSmallFile(path, indexLimitBytes);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    raw = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] }));
  }
  return parseIndex(raw, indexLimitBytes);
}

/** The bytes of `index` after `name` was given to `descriptor`; whatever had the name before is out. */
export const indexWithName = ({ raw }: Parsed<Index>, name: string, descriptor: Descriptor): Uint8Array =>
  editIndex(raw, {
    remove: (entry) => nameOf(entry) === name,
    add: [named(descriptor, name)],
  });

/** The bytes of `index` without `name`; undefined when nothing has it. */
export function indexWithoutName({ value, raw }: Parsed<Index>, name: string): Uint8Array | undefined {
  if (!value.manifests.some((entry) => nameOf(entry) === name)) return undefined;
  return editIndex(raw, { remove: (entry) => nameOf(entry) === name, add: [] });
}

import { findPathKind } from '../content/index.ts';
import { formatReference, parseReference, type Reference, withDefaultTag } from '../formats/oci/index.ts';
import { Fault } from '../kit/index.ts';

/** Where an image or a tree of files lives. */
export type Place =
  /** The local store; `name` is the reference in full, `text` as it was given. */
  | { readonly kind: 'store'; readonly name: string; readonly reference: Reference; readonly text: string }
  | { readonly kind: 'registry'; readonly reference: Reference }
  /** A layout directory; without a tag it means the only image there. */
  | { readonly kind: 'oci'; readonly path: string; readonly tag?: string }
  | { readonly kind: 'oci-archive'; readonly path: string; readonly tag?: string }
  /** `name` is a reference in full. */
  | { readonly kind: 'docker-archive'; readonly path: string; readonly name?: string }
  /** A directory that is a root file system. */
  | { readonly kind: 'rootfs'; readonly path: string }
  | { readonly kind: 'deb'; readonly packages: readonly string[] }
  /** An archive on standard input or output. */
  | { readonly kind: 'stream' }
  /** A path without a prefix: its content tells what it is. */
  | { readonly kind: 'path'; readonly path: string; readonly tag?: string };

const parsers: Readonly<Record<string, (rest: string) => Place>> = {
  'docker://': (rest) => ({ kind: 'registry', reference: withDefaultTag(parseReference(rest)) }),
  'oci:': (rest) => tagged('oci', rest),
  'oci-archive:': (rest) => tagged('oci-archive', rest),
  'docker-archive:': (rest) => dockerArchive(rest),
  'rootfs:': (path) => ({ kind: 'rootfs', path: nonEmpty(path) }),
  'deb:': (rest) => ({ kind: 'deb', packages: packagesOf(rest) }),
};

/**
 * Reads a place as users write it. Where a path with colons could end is decided by what is on disk.
 * A name that is not one of the local store but a path that exists is that path; `./name` always is a path.
 * @throws {Fault} PLACE_INVALID, REFERENCE_INVALID
 */
export function parsePlace(text: string): Place {
  if (text === '-') return { kind: 'stream' };
  const prefix = Object.keys(parsers).find((each) => text.startsWith(each));
  const parser = prefix === undefined ? undefined : parsers[prefix];
  if (prefix !== undefined && parser !== undefined) return parser(text.slice(prefix.length));
  if (/^(\.{0,2}\/|\.{1,2}$|~)/.test(text)) return tagged('path', text);
  const unknown = /^([a-z][a-z0-9-]*):(\/\/|\.{0,2}\/)/.exec(text)?.[1];
  if (unknown !== undefined) return unknownPrefix(unknown);
  return storePlace(text);
}

/** The place of `text` in the local store: `nginx` is docker.io/library/nginx:latest there. */
function storePlace(text: string): Place {
  try {
    // A whole image id is no name; what it stands for is found among the digests.
    const reference = withDefaultTag(parseReference(wholeId.test(text) ? `sha256:${text}` : text));
    return { kind: 'store', name: formatReference(reference), reference, text };
  } catch (error) {
    if (findPathKind(text) !== undefined) return { kind: 'path', path: text };
    throw error;
  }
}

/** What may name an image in a layout: tags, and whole references as docker writes them there. */
const layoutName = /^[A-Za-z0-9_][A-Za-z0-9_.:@/+-]{0,511}$/;
const wholeId = /^[0-9a-f]{64}$/;

function tagged(kind: 'oci' | 'oci-archive' | 'path', rest: string): Place {
  const { path, name } = splitPath(rest);
  if (name !== undefined && !layoutName.test(name)) invalid(rest);
  return { kind, path, ...(name !== undefined && { tag: name }) };
}

function dockerArchive(rest: string): Place {
  const { path, name } = splitPath(rest);
  if (name === undefined) return { kind: 'docker-archive', path };
  return { kind: 'docker-archive', path, name: formatReference(withDefaultTag(parseReference(name))) };
}

/** The longest part before a colon that exists is the path; where none does, the part before the first colon. */
function splitPath(rest: string): { path: string; name?: string } {
  const colons = [...rest.matchAll(/:/g)].map(({ index }) => index);
  const ends = [rest.length, ...colons.toReversed()];
  const end = ends.find((at) => findPathKind(rest.slice(0, at)) !== undefined) ?? colons[0] ?? rest.length;
  const path = nonEmpty(rest.slice(0, end));
  return end === rest.length ? { path } : { path, name: rest.slice(end + 1) };
}

function packagesOf(text: string): readonly string[] {
  const packages = text.split(',');
  if (!packages.every((name) => /^[a-z0-9][a-z0-9.+-]*(:[a-z0-9]+)?(=[A-Za-z0-9.+:~-]+)?$/.test(name))) {
    invalid(`deb:${text}`);
  }
  return packages;
}

const nonEmpty = (path: string): string => (path === '' ? invalid('a place without a path') : path);

function unknownPrefix(prefix: string): never {
  throw new Fault('PLACE_INVALID', `${prefix}: is no kind of place`, {
    hint: 'Places are NAME[:TAG], docker://, oci:, oci-archive:, docker-archive:, rootfs:, deb:, -, or a path.',
  });
}

function invalid(text: string): never {
  throw new Fault('PLACE_INVALID', `${JSON.stringify(text.slice(0, 200))} is no place`, {
    hint: 'Write it as oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME:TAG] or deb:PACKAGE[,PACKAGE].',
  });
}

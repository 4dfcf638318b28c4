import {
  type ArchiveOptions,
  findPathKind,
  goesBy,
  type LocalStore,
  type Named,
  type NamedStore,
  openArchive,
  openLayout,
  type ReadableStore,
} from '../content/index.ts';
import { type Descriptor, formatReference, parseReference, withDefaultTag } from '../formats/oci/index.ts';
import { Fault, isFault } from '../kit/index.ts';
import { chooseManifest, type Wanted } from './choose.ts';
import { findById } from './find-by-id.ts';
import type { Image } from './image.ts';
import { type Place, parsePlace } from './place.ts';
import { storedImage } from './stored.ts';

export interface OpenOptions extends Wanted {
  /** The local store. */
  readonly store: NamedStore | LocalStore;
  /** Standard input, for the place `-`. */
  readonly stdin?: AsyncIterable<Uint8Array> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a place holds: an image, or an index of images. */
export interface Opened {
  readonly store: ReadableStore;
  /** One descriptor, or several that make up one image for several platforms. */
  readonly roots: readonly Descriptor[];
  /** The name that it has there: a reference in full, a tag, or ''. */
  readonly name: string;
}

/**
 * Opens the image at a place: one manifest, chosen from an index by `platform`. Layers are not read yet.
 * @throws {Fault} PLACE_INVALID, IMAGE_NOT_FOUND, FILE_NOT_FOUND, NOT_AN_IMAGE, PLATFORM_NOT_FOUND, UNSUPPORTED, and
 * what the documents' parsers throw.
 */
export async function openImage(place: Place | string, options: OpenOptions): Promise<Image> {
  const { store, roots } = await openPlace(place, options);
  return storedImage(store, await chooseManifest(store, roots, options));
}

/** Opens a place and finds what is asked for in it, an index as it is. Faults as {@link openImage}. */
export async function openPlace(place: Place | string, options: OpenOptions): Promise<Opened> {
  options.signal?.throwIfAborted();
  const parsed = typeof place === 'string' ? parsePlace(place) : place;
  switch (parsed.kind) {
    case 'store':
      return openStored(parsed, options);
    case 'oci':
      return select(await openLayout(parsed.path), parsed.tag, `oci:${parsed.path}`);
    case 'oci-archive':
      return openFromArchive(parsed.path, parsed.tag, { ...options, format: 'oci' });
    case 'docker-archive':
      return openFromArchive(parsed.path, parsed.name, { ...options, format: 'docker' });
    case 'stream':
      return openFromArchive(options.stdin ?? noInput(), undefined, options);
    case 'path':
      return openPath(parsed, options);
    case 'registry':
      throw new Fault('UNSUPPORTED', 'registries cannot be reached yet', {
        hint: `Copy it with: skopeo copy docker://${formatReference(parsed.reference)} oci:DIR`,
      });
    case 'rootfs':
    case 'deb':
      throw new Fault('NOT_AN_IMAGE', `${parsed.kind}: is a tree of files, not an image`, {
        hint: `Make an image of a program in it with: osless pack --from ${parsed.kind}:… PROGRAM`,
      });
    default:
      return unreachable(parsed);
  }
}

async function openStored(place: Extract<Place, { kind: 'store' }>, options: OpenOptions): Promise<Opened> {
  const { store } = options;
  const names = await store.names();
  const named = names.find(({ name }) => name === place.name);
  if (named !== undefined) return { store, roots: [named.descriptor], name: named.name };
  const root = await findById(store, names, place.reference);
  if (root !== undefined) return { store, roots: [root], name: '' };
  if (findPathKind(place.text) !== undefined) return openPath({ kind: 'path', path: place.text }, options);
  throw new Fault('IMAGE_NOT_FOUND', `there is no image ${place.text} in the local store`, {
    hint: 'osless images lists those that are there; osless load brings one in from an archive.',
    about: { name: place.name },
  });
}

async function openPath({ path, tag }: Extract<Place, { kind: 'path' }>, options: OpenOptions): Promise<Opened> {
  const kind = findPathKind(path);
  if (kind === 'layout') return select(await openLayout(path), tag, path);
  if (kind === 'file') return openFromArchive(path, tag, options);
  if (kind === undefined) {
    throw new Fault('FILE_NOT_FOUND', `${path} is not there`, { hint: 'Check the path.' });
  }
  throw new Fault('NOT_AN_IMAGE', `${path} is a directory, and no OCI image layout`, {
    hint: `If it is a root file system, write rootfs:${path}.`,
  });
}

async function openFromArchive(
  from: string | AsyncIterable<Uint8Array>,
  wanted: string | undefined,
  { store, format }: OpenOptions & Pick<ArchiveOptions, 'format'>,
): Promise<Opened> {
  const archive = await openArchive(from, {
    ...(format && { format }),
    ...('spool' in store && { spool: (bytes: AsyncIterable<Uint8Array>) => store.spool(bytes) }),
  });
  try {
    return await select(archive, wanted, typeof from === 'string' ? from : 'standard input');
  } catch (error) {
    archive.close();
    throw error;
  }
}

/** What goes by `wanted`; without it, the only image of the place. */
async function select(store: ReadableStore, wanted: string | undefined, where: string): Promise<Opened> {
  const names = await store.names();
  const found = wanted === undefined ? names : namedBy(names, wanted);
  const distinct = new Set(found.map(({ descriptor }) => descriptor.digest));
  const [first] = found;
  if (first === undefined) return notFound(names, wanted, where);
  const sameName = found.every(({ name }) => name === first.name);
  if (distinct.size > 1 && !sameName) return ambiguous(found, where);
  const roots = [...new Map(found.map(({ descriptor }) => [descriptor.digest, descriptor])).values()];
  return { store, roots, name: first.name };
}

/** By the name as it is written there, else by the reference that both mean. */
function namedBy(names: readonly Named[], wanted: string): readonly Named[] {
  const exact = names.filter(({ name, descriptor }) => name === wanted || goesBy(descriptor, wanted));
  if (exact.length > 0) return exact;
  const whole = wholeName(wanted);
  return names.filter(({ name }) => name !== '' && wholeName(name) === whole);
}

function wholeName(text: string): string {
  try {
    return formatReference(withDefaultTag(parseReference(text)));
  } catch (error) {
    if (isFault(error)) return text;
    throw error;
  }
}

const listed = (names: readonly Named[]): string =>
  [...new Set(names.map(({ name }) => name || 'one without a name'))].slice(0, 20).join(', ');

function notFound(names: readonly Named[], wanted: string | undefined, where: string): never {
  const what = wanted === undefined ? 'no image' : `no image ${wanted}`;
  throw new Fault('IMAGE_NOT_FOUND', `${where} holds ${what}`, {
    hint: names.length === 0 ? 'It is empty; give another place.' : `It holds: ${listed(names)}.`,
  });
}

function ambiguous(names: readonly Named[], where: string): never {
  throw new Fault('IMAGE_NOT_FOUND', `${where} holds several images`, {
    hint: `Add a colon and the name of one of them: ${listed(names)}.`,
  });
}

function noInput(): never {
  throw new Fault('PLACE_INVALID', 'there is no standard input to read an archive from', {
    hint: 'Pipe an archive in, or give a file.',
  });
}

function unreachable(place: never): never {
  throw new Error(`unhandled: ${JSON.stringify(place)}`);
}

import { type BlobStore, findPathKind, type LocalStore, type NamedStore, openLayout } from '../content/index.ts';
import type { Compression } from '../formats/compress/index.ts';
import { type Digest, Fault, isFault, type Source } from '../kit/index.ts';
import { abortable } from './abortable.ts';
import { type Bundle, bundleOf, bundleOfAll } from './bundle.ts';
import { withCompression } from './convert.ts';
import type { Image } from './image.ts';
import type { Opened } from './open.ts';
import { type Place, parsePlace } from './place.ts';
import { fileSink, type NamedImage, type Sink, saveDockerArchive, saveOciArchive } from './save-archive.ts';

export interface SaveOptions {
  /** The local store. */
  readonly store: NamedStore | LocalStore;
  /** References in full that an archive gives to the image when the place says none. */
  readonly names?: readonly string[] | undefined;
  /** What layers are stored as; in docker's archives they always are plain. Default: as they are. */
  readonly compression?: Compression | undefined;
  /** Takes the bytes for the place `-`. */
  readonly stdout?: Sink | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was written. */
export interface Saved {
  /** Of the manifest or index: that of what was given, unless its layers had to be converted. */
  readonly digest: Digest;
}

/**
 * Writes an image to a place. Manifest and config keep their bytes, and so their digests, where the place allows it.
 * @throws {Fault} PLACE_INVALID, PLACE_NOT_WRITABLE, UNSUPPORTED, SYSTEM, STORE_BUSY, and what reading the image throws.
 */
export async function saveImage(image: Image, place: Place | string, options: SaveOptions): Promise<Saved> {
  const target = await openTarget(place, options);
  if (target.kind === 'docker') {
    const [digest = image.digest] = await saveDockerArchive([{ image, names: target.names }], {
      ...options,
      ...target,
    });
    return { digest };
  }
  const scratch = target.kind === 'store' ? target.store : options.store;
  const { compression } = options;
  const converted = compression === undefined ? image : await withCompression(image, scratch, compression);
  return saveBundle(bundleOf(converted), target, options);
}

/** Writes an index with all its platforms as it stands, or an image. Faults as {@link saveImage}. */
export async function saveAll(opened: Opened, place: Place | string, options: SaveOptions): Promise<Saved> {
  const target = await openTarget(place, options);
  if (target.kind !== 'docker') return saveBundle(await bundleOfAll(opened), target, options);
  throw new Fault('UNSUPPORTED', "docker's archives hold one platform of an image, not all", {
    hint: 'Use oci-archive:FILE, or choose one with --platform.',
  });
}

/** Writes several images into one archive: docker-archive, oci-archive or `-`. Faults as {@link saveImage}. */
export async function saveImages(
  images: readonly NamedImage[],
  place: Place | string,
  options: SaveOptions,
): Promise<void> {
  const target = await openTarget(place, options);
  if (target.kind === 'docker') await saveDockerArchive(images, { ...options, ...target });
  else if (target.kind === 'archive') {
    const bundles = images.map(({ image, names }) => ({ ...bundleOf(image), names }));
    await saveOciArchive(bundles, { ...options, ...target });
  } else {
    throw new Fault('PLACE_INVALID', 'several images go into an archive only', {
      hint: 'Give docker-archive:FILE or oci-archive:FILE.',
    });
  }
}

type Target =
  | { readonly kind: 'store'; readonly store: NamedStore; readonly name: string }
  | { readonly kind: 'archive'; readonly sink: Sink; readonly names: readonly string[] }
  | { readonly kind: 'docker'; readonly sink: Sink; readonly names: readonly string[] };

async function openTarget(place: Place | string, { store, names = [], stdout }: SaveOptions): Promise<Target> {
  const parsed = typeof place === 'string' ? parsePlace(place) : place;
  switch (parsed.kind) {
    case 'store':
      if (parsed.reference.digest !== undefined) return notWritable(`${parsed.text} names a digest`);
      return { kind: 'store', store, name: parsed.name };
    case 'oci':
      return { kind: 'store', store: await openLayout(parsed.path, { create: true }), name: parsed.tag ?? '' };
    case 'oci-archive':
      return { kind: 'archive', sink: fileSink(parsed.path), names: parsed.tag ? [parsed.tag] : names };
    case 'docker-archive':
      return { kind: 'docker', sink: fileSink(parsed.path), names: parsed.name ? [parsed.name] : names };
    case 'stream':
      return { kind: 'docker', sink: stdout ?? notWritable('there is no standard output'), names };
    case 'path':
      if (findPathKind(parsed.path) !== 'layout') return unclear(parsed.path);
      return { kind: 'store', store: await openLayout(parsed.path), name: parsed.tag ?? '' };
    case 'registry':
      throw new Fault('UNSUPPORTED', 'registries cannot be reached yet', {
        hint: 'Save to oci:DIR and use: skopeo copy oci:DIR docker://…',
      });
    case 'rootfs':
    case 'deb':
      return notWritable(`${parsed.kind}: holds a tree of files`);
    default:
      return unreachable(parsed);
  }
}

async function saveBundle(
  bundle: Bundle,
  target: Exclude<Target, { kind: 'docker' }>,
  { signal }: SaveOptions,
): Promise<Saved> {
  if (target.kind === 'archive') {
    await saveOciArchive([{ ...bundle, names: target.names }], { sink: target.sink, signal });
  } else {
    for (const blob of bundle.blobs) await putBlob(target.store, blob, signal);
    await target.store.setName(target.name, bundle.root);
  }
  return { digest: bundle.root.digest };
}

async function putBlob(
  store: BlobStore,
  blob: Bundle['blobs'][number],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { digest, sizeBytes, source, optional } = blob;
  const checked: Source = { sizeBytes, open: () => abortable(source.open(), signal) };
  try {
    await store.put(checked, { digest, sizeBytes });
  } catch (error) {
    if (!optional || !isFault(error, 'BLOB_NOT_FOUND')) throw error;
  }
}

function notWritable(problem: string): never {
  throw new Fault('PLACE_NOT_WRITABLE', `${problem}: no image can be written there`, {
    hint: 'Write to NAME[:TAG], oci:DIR[:TAG], oci-archive:FILE or docker-archive:FILE.',
  });
}

function unclear(path: string): never {
  throw new Fault('PLACE_INVALID', `${path} does not say what shall be written there`, {
    hint: `Write docker-archive:${path}, oci-archive:${path} or oci:${path}.`,
  });
}

function unreachable(place: never): never {
  throw new Error(`unhandled: ${JSON.stringify(place)}`);
}

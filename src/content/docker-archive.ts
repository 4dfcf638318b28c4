import { detectCompression } from '../formats/compress/index.ts';
import { type Descriptor, formatManifest, layerTypeOf, mediaTypes, parseImageConfig } from '../formats/oci/index.ts';
import { bytesSource, type Digest, digester, digestOf, Fault, readAt, type Source } from '../kit/index.ts';
import type { ArchiveFiles } from './archive-index.ts';
import { type DockerEntry, readDockerManifest } from './docker-manifest.ts';
import { named, namesOf } from './names.ts';
import type { ReadableStore } from './store.ts';
import { blobNotFound, verified } from './verified.ts';

const configLimitBytes = 4 * 1024 * 1024;
const magicBytes = 16;

/**
 * What `docker save` writes, as a store of OCI images: a config keeps its bytes and its digest, manifests are
 * made, and layers have the digests that the config gives them, to be checked while they are read.
 * @throws {Fault} NOT_AN_IMAGE without manifest.json; ARCHIVE_MALFORMED, CONFIG_MALFORMED
 */
export async function dockerArchive(files: ArchiveFiles): Promise<ReadableStore> {
  const entries = (await readDockerManifest(files)) ?? notAnImage(files);
  const blobs = new Map<Digest, Source>();
  const descriptors: Descriptor[] = [];
  for (const entry of entries) {
    const manifest = await convert(files, entry, blobs);
    const names = entry.names.length === 0 ? [''] : entry.names;
    descriptors.push(...names.map((name) => named(manifest, name)));
  }
  return {
    has: async (digest) => blobs.has(digest),
    get: async (digest) => {
      const source = blobs.get(digest);
      return source === undefined ? blobNotFound(digest, 'in this archive') : verified(source, digest);
    },
    names: async () => namesOf(descriptors),
  };
}

async function convert(files: ArchiveFiles, entry: DockerEntry, blobs: Map<Digest, Source>): Promise<Descriptor> {
  const raw = (await files.read(entry.config, configLimitBytes)) ?? absent(entry.config);
  const { diffIds, platform } = parseImageConfig(raw).value;
  if (diffIds.length !== entry.layers.length) {
    malformed(`has ${entry.layers.length} layers for an image whose config names ${diffIds.length}`);
  }
  const layers: Descriptor[] = [];
  for (const [at, diffId] of diffIds.entries()) {
    const name = entry.layers[at] ?? '';
    layers.push(await convertLayer(files.find(name) ?? absent(name), diffId, blobs));
  }
  const config = keep(raw, mediaTypes.config, blobs);
  const manifest = formatManifest({ mediaType: mediaTypes.manifest, config, layers, annotations: {} });
  return { ...keep(manifest, mediaTypes.manifest, blobs), platform };
}

/** A plain tar goes by its diffId; one that was compressed has to be hashed to have a name. */
async function convertLayer(source: Source, diffId: Digest, blobs: Map<Digest, Source>): Promise<Descriptor> {
  const compression = detectCompression(await readAt(source, 0, magicBytes));
  const digest = compression === 'none' ? diffId : await hash(source);
  blobs.set(digest, source);
  return { mediaType: layerTypeOf(compression), digest, size: source.sizeBytes ?? 0 };
}

function keep(raw: Uint8Array, mediaType: string, blobs: Map<Digest, Source>): Descriptor {
  const digest = digestOf(raw);
  blobs.set(digest, bytesSource(raw));
  return { mediaType, digest, size: raw.byteLength };
}

async function hash(source: Source): Promise<Digest> {
  const digest = digester();
  for await (const chunk of source.open()) digest.update(chunk);
  return digest.digest();
}

const absent = (name: string): never => malformed(`has no file ${JSON.stringify(name.slice(0, 200))}`);

function malformed(problem: string): never {
  throw new Fault('ARCHIVE_MALFORMED', `an archive of docker's ${problem}`, {
    hint: 'Save the image again; a part of it is not there.',
  });
}

function notAnImage(files: ArchiveFiles): never {
  if (files.has('repositories')) {
    throw new Fault('UNSUPPORTED', "an archive of docker's has no manifest.json: it was saved before docker 1.10", {
      hint: 'Load it with an old docker and save it with a newer one.',
    });
  }
  throw new Fault('NOT_AN_IMAGE', 'an archive has neither index.json nor manifest.json in it', {
    hint: 'Give what docker save, podman save or osless save has written.',
  });
}

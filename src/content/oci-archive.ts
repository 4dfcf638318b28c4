import { type Descriptor, nameOf, parseIndex, parseManifest } from '../formats/oci/index.ts';
import { algorithmOf, type Digest, digestOf, hexOf, isFault, readAll } from '../kit/index.ts';
import type { ArchiveFiles } from './archive-index.ts';
import { readDockerManifest } from './docker-manifest.ts';
import { checkLayoutFile, indexLimitBytes } from './layout-index.ts';
import { named, namesOf } from './names.ts';
import type { ReadableStore } from './store.ts';
import { blobNotFound, verified } from './verified.ts';

const documentLimitBytes = 4 * 1024 * 1024;
const pathOf = (digest: Digest): string => `blobs/${algorithmOf(digest)}/${hexOf(digest)}`;

/** Whether an archive holds an OCI layout with something in it. Docker 25 and later write one beside their own. */
export async function isOciArchive(files: ArchiveFiles): Promise<boolean> {
  if (!files.has('oci-layout') || !files.has('index.json')) return false;
  const { manifests } = await readEntries(files);
  return manifests.some(({ digest }) => files.has(pathOf(digest))) || !files.has('manifest.json');
}

/**
 * An OCI image layout in a tar. Images without a name have those that docker's manifest.json gives to the same config.
 * @throws {Fault} LAYOUT_MALFORMED, INDEX_MALFORMED
 */
export async function ociArchive(files: ArchiveFiles): Promise<ReadableStore> {
  checkLayoutFile((await files.read('oci-layout', documentLimitBytes)) ?? new Uint8Array(0), 'an archive');
  const { manifests } = await readEntries(files);
  const dockerNames = manifests.some((entry) => nameOf(entry) === '') ? await namesByConfig(files) : new Map();
  const descriptors: Descriptor[] = [];
  for (const entry of manifests) descriptors.push(...(await withDockerNames(entry, files, dockerNames)));
  return {
    has: async (digest) => files.has(pathOf(digest)),
    get: async (digest) => verified(files.find(pathOf(digest)) ?? blobNotFound(digest, 'in this archive'), digest),
    names: async () => namesOf(descriptors),
  };
}

async function readEntries(files: ArchiveFiles) {
  return parseIndex((await files.read('index.json', indexLimitBytes)) ?? new Uint8Array(0), indexLimitBytes).value;
}

type NamesByConfig = ReadonlyMap<string, readonly string[]>;

async function namesByConfig(files: ArchiveFiles): Promise<NamesByConfig> {
  const names = new Map<string, readonly string[]>();
  for (const entry of (await readDockerManifest(files)) ?? []) {
    const config = await files.read(entry.config, documentLimitBytes);
    if (config !== undefined) names.set(digestOf(config), entry.names);
  }
  return names;
}

async function withDockerNames(entry: Descriptor, files: ArchiveFiles, byConfig: NamesByConfig): Promise<Descriptor[]> {
  const source = nameOf(entry) === '' && byConfig.size > 0 ? files.find(pathOf(entry.digest)) : undefined;
  if (source === undefined) return [entry];
  const config = configOf(await readAll(source, documentLimitBytes));
  const names = config === undefined ? [] : (byConfig.get(config) ?? []);
  return names.length === 0 ? [entry] : names.map((name) => named(entry, name));
}

/** The digest of a manifest's config; undefined for an index and for what is wrong, which opening it will tell. */
function configOf(raw: Uint8Array): Digest | undefined {
  try {
    return parseManifest(raw).value.config.digest;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

import { formatReference, parseReference, withDefaultTag } from '../formats/oci/index.ts';
import { fieldReader, isFault } from '../kit/index.ts';
import type { ArchiveFiles } from './archive-index.ts';

/** One image of a docker archive, as its manifest.json tells. */
export interface DockerEntry {
  /** Name of the config's file in the archive. */
  readonly config: string;
  /** Names of the layers' files, base first. */
  readonly layers: readonly string[];
  /** Whole references. */
  readonly names: readonly string[];
}

const documentLimitBytes = 4 * 1024 * 1024;
const maximumImages = 1000;
const maximumLayers = 1000;
const maximumNames = 1000;
const read = fieldReader('ARCHIVE_MALFORMED', 'the manifest.json of an archive');

/**
 * Reads what `docker save` writes since 1.10; undefined when the archive has no manifest.json.
 * Names come from there, else from the file `repositories` of older versions.
 */
export async function readDockerManifest(files: ArchiveFiles): Promise<readonly DockerEntry[] | undefined> {
  const raw = await files.read('manifest.json', documentLimitBytes);
  if (raw === undefined) return undefined;
  const list = read.array(read.parse(raw), 'the document');
  if (list.length > maximumImages) read.fail(`lists ${list.length} images, and ${maximumImages} are allowed`);
  const repositories = await readRepositories(files);
  return list.map((item) => parseEntry(item, repositories));
}

function parseEntry(item: unknown, repositories: ReadonlyMap<string, readonly string[]>): DockerEntry {
  const fields = read.object(item, 'an image');
  const layers = read.optional(fields['Layers'], read.strings, 'Layers') ?? [];
  const tags = read.optional(fields['RepoTags'], read.strings, 'RepoTags') ?? [];
  if (layers.length > maximumLayers) read.fail(`lists ${layers.length} layers, and ${maximumLayers} are allowed`);
  if (tags.length > maximumNames) read.fail(`lists ${tags.length} names, and ${maximumNames} are allowed`);
  const top = layers.at(-1)?.split('/')[0] ?? '';
  const names = tags.length > 0 ? tags : (repositories.get(top) ?? []);
  return { config: read.string(fields['Config'], 'Config'), layers, names: names.map(wholeName) };
}

/** The names that the file `repositories` gives to the directory of a top layer. */
async function readRepositories(files: ArchiveFiles): Promise<ReadonlyMap<string, readonly string[]>> {
  const raw = await files.read('repositories', documentLimitBytes);
  const names = new Map<string, string[]>();
  if (raw === undefined) return names;
  for (const [repository, tags] of Object.entries(read.object(read.parse(raw), 'repositories'))) {
    for (const [tag, id] of Object.entries(read.stringMap(tags, 'repositories'))) {
      names.set(id, [...(names.get(id) ?? []), `${repository}:${tag}`]);
    }
  }
  return names;
}

/** `nginx:1` as `docker.io/library/nginx:1`; what is no reference stays as it is. */
function wholeName(text: string): string {
  try {
    return formatReference(withDefaultTag(parseReference(text)));
  } catch (error) {
    if (isFault(error)) return text;
    throw error;
  }
}

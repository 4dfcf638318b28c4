import { type Descriptor, formatIndex, mediaTypes } from '../formats/oci/index.ts';
import { type TarHeader, type TarItem, writeTar } from '../formats/tar/index.ts';
import { algorithmOf, bytesSource, compareNames, type Digest, hexOf, type Source } from '../kit/index.ts';
import { layoutFile } from './layout-index.ts';

/** A blob to go into an archive; `sizeBytes` is what its source has. */
export interface ArchiveBlob {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly source: Source;
}

export interface OciContents {
  /** What index.json lists, with the annotations that name it. */
  readonly entries: readonly Descriptor[];
  readonly blobs: readonly ArchiveBlob[];
}

/** One image as docker's manifest.json lists it. */
export interface DockerImage {
  readonly config: Digest;
  /** Uncompressed, base first; among the blobs. */
  readonly layers: readonly Digest[];
  /** As docker shows names: `nginx:1`. */
  readonly names: readonly string[];
}

/**
 * An OCI layout as a tar. The same contents give the same bytes: names sorted, times 0, nobody's files.
 * With `docker`, it is also what `docker load` reads since 1.10: what docker 25 and later save.
 */
export function writeArchive(contents: OciContents, docker: readonly DockerImage[] = []): AsyncIterable<Uint8Array> {
  const files = new Map<string, Source>(contents.blobs.map((blob) => [pathOf(blob.digest), sized(blob)]));
  const index = { mediaType: mediaTypes.index, manifests: contents.entries, annotations: {} };
  files.set('oci-layout', bytesSource(Buffer.from(layoutFile)));
  files.set('index.json', bytesSource(formatIndex(index)));
  if (docker.length > 0) files.set('manifest.json', bytesSource(dockerManifest(docker)));
  return writeTar(itemsOf(files));
}

const pathOf = (digest: Digest): string => `blobs/${algorithmOf(digest)}/${hexOf(digest)}`;
const sized = ({ source, sizeBytes }: ArchiveBlob): Source => ({ ...source, sizeBytes });

const dockerManifest = (images: readonly DockerImage[]): Uint8Array =>
  Buffer.from(
    JSON.stringify(
      images.map(({ config, layers, names }) => ({
        Config: pathOf(config),
        RepoTags: names,
        Layers: layers.map(pathOf),
      })),
    ),
  );

/** Every directory before what is in it. */
function itemsOf(files: ReadonlyMap<string, Source>): TarItem[] {
  const directories = new Set([...files.keys()].flatMap(parentsOf));
  const items: TarItem[] = [...directories].map((path) => ({ header: header(`${path}/`, 'directory', 0) }));
  for (const [path, body] of files) items.push({ header: header(path, 'file', body.sizeBytes ?? 0), body });
  return items.sort((a, b) => compareNames(a.header.path, b.header.path));
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

const header = (path: string, type: TarHeader['type'], sizeBytes: number): TarHeader => ({
  path,
  type,
  mode: type === 'directory' ? 0o755 : 0o644,
  uid: 0,
  gid: 0,
  userName: '',
  groupName: '',
  mtimeSeconds: 0,
  mtimeNanoseconds: 0,
  sizeBytes,
  linkTarget: '',
  device: undefined,
  xattrs: new Map(),
});

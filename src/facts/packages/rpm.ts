import { filesOfRpmHeader, parseRpmHeader, type RpmHeader, rpmBlobs } from '../../formats/rpm/index.ts';
import { type ImagePath, imagePath } from '../../kit/index.ts';
import { type FileTree, resolve } from '../../rootfs/index.ts';
import { readSmall } from '../read.ts';
import { listedDatabase } from './listed.ts';
import type { Package, PackageDatabase } from './types.ts';

const folders = ['/usr/lib/sysimage/rpm', '/var/lib/rpm', '/usr/share/rpm'];
const names = ['rpmdb.sqlite', 'Packages.db', 'Packages'];
const limitBytes = 256 * 1024 * 1024;
const mostPackages = 100_000;

/** rpm's record in each of its formats: sqlite, ndb, Berkeley DB. The lists of files are read when they are asked for. */
export async function rpmDatabase(tree: FileTree): Promise<PackageDatabase | undefined> {
  for (const folder of folders) {
    for (const name of names) {
      const path = imagePath(`${folder}/${name}`);
      if ((await resolve(tree, path)).found) return readDatabase(tree, path);
    }
  }
  return undefined;
}

async function readDatabase(tree: FileTree, path: ImagePath): Promise<PackageDatabase> {
  const packages: Package[] = [];
  const blobs = await blobsOf(tree, path);
  if (blobs === undefined) return unreadable(path);
  for (const { header } of headersIn(blobs)) packages.push(packageOf(header));
  const files = async () => {
    const found = new Map<Package, ImagePath[]>();
    let index = 0;
    for (const { blob } of headersIn((await blobsOf(tree, path)) ?? [])) {
      const owner = packages[index++];
      if (owner !== undefined) found.set(owner, filesOfRpmHeader(blob).map(imagePath));
    }
    return found;
  };
  return listedDatabase({ kind: 'rpm', path, packages, files });
}

async function blobsOf(tree: FileTree, path: ImagePath): Promise<Iterable<Uint8Array> | undefined> {
  const file = await readSmall(tree, path, limitBytes);
  return file && rpmBlobs(file);
}

/** Berkeley DB keeps a number of its own among the headers, and a damaged one is none. */
function* headersIn(blobs: Iterable<Uint8Array>): Generator<{ header: RpmHeader; blob: Uint8Array }> {
  let count = 0;
  for (const blob of blobs) {
    const header = parseRpmHeader(blob);
    if (header === undefined) continue;
    yield { header, blob };
    if (++count >= mostPackages) return;
  }
}

function packageOf(header: RpmHeader): Package {
  const { name, version, release, epoch, architecture, sourceRpm, sizeBytes } = header;
  return {
    name,
    version: `${epoch ? `${epoch}:` : ''}${version}-${release}`,
    architecture,
    source: /^(.+)-[^-]+-[^-]+$/.exec(sourceRpm)?.[1] ?? name,
    essential: false,
    installedBytes: sizeBytes,
    depends: alternativesOf(header.requires),
    recommends: alternativesOf(header.recommends),
    suggests: alternativesOf(header.suggests),
    provides: [...new Set(header.provides)],
  };
}

/** Without what rpm itself must be able to do, and without rich dependencies: `(a if b)`. */
const alternativesOf = (texts: readonly string[]): string[][] =>
  [...new Set(texts)].filter((text) => !/^(rpmlib\(|config\(|\()/.test(text)).map((text) => [text]);

const unreadable = (path: ImagePath): PackageDatabase => ({
  kind: 'rpm',
  path,
  readable: false,
  all: async () => [],
  find: async () => undefined,
  builtFrom: async () => [],
  ownerOf: async () => undefined,
  owns: async () => false,
  filesOf: async () => [],
});

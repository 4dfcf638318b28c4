import type { ImagePath } from '../../kit/index.ts';
import { aliasesOf } from './aliases.ts';
import type { Package, PackageDatabase } from './types.ts';

type FilesOf = ReadonlyMap<Package, readonly ImagePath[]>;

/** What is known of a database at once; its files may be read when they are asked for. */
export interface Listed extends Pick<PackageDatabase, 'kind' | 'path'> {
  readonly packages: readonly Package[];
  files(): Promise<FilesOf>;
}

/** A database whose packages are all known at once. */
export function listedDatabase(listed: Listed): PackageDatabase {
  const { kind, path, packages } = listed;
  const byName = new Map(packages.map((found) => [found.name, found]));
  const byProvided = new Map(packages.flatMap((found) => found.provides.map((name) => [name, found] as const)));
  const index = once(async () => indexOf(await listed.files()));
  const ownerOf = async (file: ImagePath) => {
    const { owners } = await index();
    return aliasesOf(file)
      .map((name) => owners.get(name))
      .find((owner) => owner !== undefined);
  };
  return {
    kind,
    path,
    readable: true,
    all: async () => packages,
    find: async (name) =>
      byName.get(name) ?? byProvided.get(name) ?? (name.startsWith('/') ? ownerOf(name as ImagePath) : undefined),
    builtFrom: async (source) => packages.filter((found) => found.source === source),
    ownerOf,
    owns: async (owner, file) => {
      const names = (await index()).sets(owner);
      return aliasesOf(file).some((name) => names.has(name));
    },
    filesOf: async (owner) => (await index()).files.get(owner) ?? [],
  };
}

function indexOf(files: FilesOf) {
  const owners = new Map<ImagePath, Package>();
  for (const [owner, paths] of files) for (const path of paths) owners.set(path, owner);
  const known = new Map<Package, ReadonlySet<ImagePath>>();
  const sets = (owner: Package): ReadonlySet<ImagePath> => {
    const set = known.get(owner) ?? new Set(files.get(owner));
    known.set(owner, set);
    return set;
  };
  return { owners, files, sets };
}

function once<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => {
    found ??= find();
    return found;
  };
}

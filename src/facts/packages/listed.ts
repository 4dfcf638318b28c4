import type { ImagePath } from '../../kit/index.ts';
import type { Package, PackageDatabase } from './types.ts';

/** A database whose packages and files are all known at once. */
export function listedDatabase(
  kind: PackageDatabase['kind'],
  path: ImagePath,
  files: ReadonlyMap<Package, readonly ImagePath[]>,
  aliasesOf: (path: ImagePath) => readonly ImagePath[],
): PackageDatabase {
  const byName = new Map([...files.keys()].map((found) => [found.name, found]));
  const byProvided = new Map(
    [...files.keys()].flatMap((found) => found.provides.map((name) => [name, found] as const)),
  );
  const byFile = new Map([...files].flatMap(([owner, paths]) => paths.map((file) => [file, owner] as const)));
  const sets = new Map<Package, ReadonlySet<ImagePath>>();
  const filesOf = (owner: Package): ReadonlySet<ImagePath> => {
    const known = sets.get(owner) ?? new Set(files.get(owner));
    sets.set(owner, known);
    return known;
  };
  return {
    kind,
    path,
    readable: true,
    all: async () => [...files.keys()],
    find: async (name) => byName.get(name) ?? byProvided.get(name),
    builtFrom: async (source) => [...files.keys()].filter((found) => found.source === source),
    ownerOf: async (file) =>
      aliasesOf(file)
        .map((name) => byFile.get(name))
        .find((owner) => owner !== undefined),
    owns: async (owner, file) => aliasesOf(file).some((name) => filesOf(owner).has(name)),
    filesOf: async (owner) => files.get(owner) ?? [],
  };
}

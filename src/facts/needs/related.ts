import { baseName, type ImagePath } from '../../kit/index.ts';
import type { Package, PackageDatabase } from '../packages/index.ts';

/** How a package stands to another: itself, built from the same source, or one that it names. */
export type Relation = 'own' | 'sibling' | 'depends' | 'recommends' | 'suggests';

export interface Command {
  readonly path: ImagePath;
  readonly relation: Relation;
}

/** A package and those around it. */
export interface Related {
  readonly owner: Package;
  /** undefined for a file of an unrelated package, or of none. */
  relationTo(path: ImagePath): Relation | undefined;
  /** Files and directories of the packages of one relation, as their records name them. */
  files(relation: Relation): readonly ImagePath[];
  /** What the related packages put into directories of PATH, by name. */
  readonly commands: ReadonlyMap<string, Command>;
}

const mostPackages = 200;

export async function relatedOf(database: PackageDatabase, owner: Package): Promise<Related> {
  const relations = new Map<string, Relation>();
  const commands = new Map<string, Command>();
  const files = new Map<Relation, ImagePath[]>();
  for (const [found, relation] of await packagesAround(database, owner)) {
    for (const path of await database.filesOf(found)) {
      const key = shortName(path);
      if (relations.has(key)) continue;
      relations.set(key, relation);
      listOf(files, relation).push(path);
      const name = baseName(path);
      if (isCommandPath(path) && !commands.has(name)) commands.set(name, { path, relation });
    }
  }
  return {
    owner,
    relationTo: (path) => relations.get(shortName(path)),
    files: (relation) => files.get(relation) ?? [],
    commands,
  };
}

/** Directories where commands stand for everyone. */
export const isCommandPath = (path: string): boolean => /^(\/usr(\/local)?)?\/(s?bin|games)\/[^/]+$/.test(path);

async function packagesAround(database: PackageDatabase, owner: Package): Promise<Map<Package, Relation>> {
  const around = new Map<Package, Relation>([[owner, 'own']]);
  const add = async (names: readonly (readonly string[])[], relation: Relation): Promise<void> => {
    for (const name of names.flat()) {
      const found = around.size < mostPackages ? await database.find(name) : undefined;
      if (found !== undefined && !around.has(found))
        around.set(found, found.source === owner.source ? 'sibling' : relation);
    }
  };
  for (const sibling of await database.builtFrom(owner.source)) if (sibling !== owner) around.set(sibling, 'sibling');
  await add(owner.depends, 'depends');
  for (const [found, relation] of [...around])
    if (relation === 'sibling' && isPartOf(found, owner)) await add(found.depends, 'depends');
  await add(owner.recommends, 'recommends');
  await add(owner.suggests, 'suggests');
  return around;
}

/** Whether `owner` depends on `found`, so that what `found` depends on is there for both. */
const isPartOf = (found: Package, owner: Package): boolean => owner.depends.flat().includes(found.name);

function listOf(files: Map<Relation, ImagePath[]>, relation: Relation): ImagePath[] {
  const list = files.get(relation) ?? [];
  files.set(relation, list);
  return list;
}

/** One name for a file whether or not its record goes through /bin, /sbin or /lib. */
const shortName = (path: string): string => path.replace(/^\/usr(?=\/(s?bin|lib\w*)\/)/, '');

import { baseName, type ImagePath } from '../../kit/index.ts';
import type { Package, PackageDatabase } from '../packages/index.ts';

/**
 * How a package stands to another: itself, one that it depends on or recommends (a `sibling` when both were built
 * from one source), one that it suggests, or `kin`: built from the same source, and not named by it.
 */
export type Relation = 'own' | 'sibling' | 'depends' | 'recommends' | 'suggests' | 'kin';

export interface Command {
  readonly path: ImagePath;
  readonly relation: Relation;
}

/** A package and those around it; what they own is looked at as it is asked for. */
export interface Related {
  readonly owner: Package;
  /** undefined for a file of an unrelated package, or of none. */
  relationTo(path: ImagePath): Promise<Relation | undefined>;
  /** Files and directories of the packages of one relation, as their records name them. */
  files(relation: Relation): Promise<readonly ImagePath[]>;
  /** What the related packages put into directories of PATH, by name. */
  commands(): Promise<ReadonlyMap<string, Command>>;
}

const mostPackages = 200;
/** What Debian's packages depend on for their installation scripts alone: programs start none of it. */
const forInstallation = new Set(
  'adduser debconf dpkg init-system-helpers lsb-base systemd-standalone-sysusers ucf'.split(' '),
);

export async function relatedOf(database: PackageDatabase, owner: Package): Promise<Related> {
  const around = await packagesAround(database, owner);
  const relations = new Map<ImagePath, Promise<Relation | undefined>>();
  const search = async (path: ImagePath): Promise<Relation | undefined> => {
    for (const [found, relation] of around) if (await database.owns(found, path)) return relation;
    return undefined;
  };
  let commands: Promise<ReadonlyMap<string, Command>> | undefined;
  return {
    owner,
    relationTo: (path) => {
      const known = relations.get(path) ?? search(path);
      relations.set(path, known);
      return known;
    },
    files: async (relation) => {
      const these = [...around].filter(([, one]) => one === relation);
      return (await Promise.all(these.map(([found]) => database.filesOf(found)))).flat();
    },
    commands: () => {
      commands ??= commandsOf(database, around);
      return commands;
    },
  };
}

async function commandsOf(database: PackageDatabase, around: ReadonlyMap<Package, Relation>) {
  const commands = new Map<string, Command>();
  for (const [found, relation] of around) {
    for (const path of await database.filesOf(found)) {
      if (!isCommandPath(path)) continue;
      const name = baseName(path);
      if (!commands.has(name)) commands.set(name, { path, relation });
    }
  }
  return commands;
}

/** Directories where commands stand for everyone. */
export const isCommandPath = (path: string): boolean => /^(\/usr(\/local)?)?\/(s?bin|games)\/[^/]+$/.test(path);

async function packagesAround(database: PackageDatabase, owner: Package): Promise<Map<Package, Relation>> {
  const around = new Map<Package, Relation>([[owner, 'own']]);
  const add = async (names: readonly (readonly string[])[], relation: Relation): Promise<void> => {
    for (const name of names.flat().filter((each) => !forInstallation.has(each))) {
      const found = around.size < mostPackages ? await database.find(name) : undefined;
      if (found !== undefined && !around.has(found))
        around.set(found, found.source === owner.source ? 'sibling' : relation);
    }
  };
  await add(owner.depends, 'depends');
  for (const [found, relation] of [...around])
    if (relation === 'sibling' && isPartOf(found, owner)) await add(found.depends, 'depends');
  await add(owner.recommends, 'recommends');
  for (const kin of await database.builtFrom(owner.source)) if (!around.has(kin)) around.set(kin, 'kin');
  await add(owner.suggests, 'suggests');
  return around;
}

/** Whether `owner` depends on `found`, so that what `found` depends on is there for both. */
const isPartOf = (found: Package, owner: Package): boolean => owner.depends.flat().includes(found.name);

import type { Platform } from '../../formats/oci/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { type PackageDatabase, packagesOf } from '../packages/index.ts';
import type { StartVerdict } from '../start/index.ts';
import { findCommands } from './commands.ts';
import { findDistro } from './distro.ts';
import { findInit } from './init.ts';
import { findLibc, type Libc } from './libc.ts';
import { findManagers } from './managers.ts';
import { Trials } from './runnable.ts';
import { findShells } from './shells.ts';
import { type Seen, signsOf } from './signs.ts';
import type { OsFacts } from './types.ts';

export interface OsOptions {
  /** What the tree is to run on: shells and package managers are judged on such a machine. */
  readonly platform: Platform;
  /** `NAME=value` of the process. Default: none. */
  readonly env?: readonly string[];
  /** How the tree's own command starts on that machine, where that is known: its shell is not tried again. */
  readonly verdict?: StartVerdict;
}

/** What of an operating system is in a tree. Nothing is executed. */
export async function osOf(tree: FileTree, { platform, env = [], verdict }: OsOptions): Promise<OsFacts> {
  const trials = new Trials(tree, { platform, env, verdict });
  const shells = await findShells(tree, trials);
  const managers = await findManagers(tree, trials);
  const closures = [...shells, ...managers].filter(({ runs }) => runs).flatMap((tried) => tried.closures);
  const seen: Seen = {
    distro: await findDistro(tree),
    libc: await findLibc(tree, platform.architecture, closures),
    shells,
    managers,
    packages: await countPackages(await packagesOf(tree)),
    init: await findInit(tree),
    commands: await findCommands(tree),
  };
  return factsOf(seen);
}

async function countPackages(database: PackageDatabase | undefined): Promise<Seen['packages']> {
  if (database === undefined) return undefined;
  const { kind, path, readable } = database;
  return { kind, path, count: readable ? (await database.all()).length : undefined };
}

function factsOf(seen: Seen): OsFacts {
  const shells = seen.shells.filter(({ runs }) => runs).map(({ name }) => name);
  const manager = seen.managers.find(({ runs }) => runs);
  return {
    present: shells.length > 0 || manager !== undefined,
    distro: seen.distro?.id ?? otherName(seen),
    name: seen.distro?.name,
    libc: seen.libc && textOfLibc(seen.libc),
    shell: shells[0],
    shells,
    packageManager: manager?.manager,
    packageCount: seen.packages?.count,
    init: seen.init?.kind,
    commands: seen.commands,
    signs: signsOf(seen),
  };
}

const otherName = ({ commands }: Seen): string | undefined =>
  commands === 'busybox' || commands === 'toybox' ? commands : undefined;

const textOfLibc = ({ kind, version }: Libc): string => (version === undefined ? kind : `${kind} ${version}`);

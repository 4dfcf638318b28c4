import type { ImagePath } from '../../kit/index.ts';
import type { Distro } from './distro.ts';
import type { Init } from './init.ts';
import type { Libc } from './libc.ts';
import type { TriedManager } from './managers.ts';
import type { Tried } from './runnable.ts';

/** All that was found of an operating system, good or not. */
export interface Seen {
  readonly distro: Distro | undefined;
  readonly libc: Libc | undefined;
  readonly shells: readonly Tried[];
  readonly managers: readonly TriedManager[];
  /** The count is undefined where the database cannot be read. */
  readonly packages:
    | { readonly kind: string; readonly path: ImagePath; readonly count: number | undefined }
    | undefined;
  readonly init: Init | undefined;
  readonly commands: string | undefined;
}

/** By what an operating system shows, and what of it is there and would not run: sentences without a full stop. */
export function signsOf(seen: Seen): string[] {
  const signs = [distroSign(seen), packagesSign(seen), ...shellSigns(seen), ...managerSigns(seen)];
  signs.push(commandsSign(seen), libcSign(seen), initSign(seen), distrolessSign(seen));
  return signs.filter((sign) => sign !== undefined);
}

function distroSign({ distro }: Seen): string | undefined {
  return distro && `${distro.path} names ${distro.name ?? distro.id}`;
}

function packagesSign({ packages }: Seen): string | undefined {
  if (packages === undefined) return undefined;
  const { kind, path, count } = packages;
  if (count === undefined) return `${kind}'s database is ${path}, which cannot be read`;
  return `${kind}'s database ${path} lists ${count} ${count === 1 ? 'package' : 'packages'}`;
}

function shellSigns({ shells }: Seen): string[] {
  const running = shells.filter(({ runs }) => runs).map(({ name }) => name);
  const broken = shells.filter(({ runs }) => !runs).map(({ name, says }) => `${name} would not run: ${says}`);
  if (running.length === 0) return broken.slice(0, 3);
  return [`${listOf(running)} would run`, ...broken.slice(0, 3)];
}

function managerSigns({ managers }: Seen): string[] {
  const running = managers.filter(({ runs }) => runs).map(({ manager }) => manager);
  const broken = managers.filter(({ runs }) => !runs).map(({ name, says }) => `${name} would not run: ${says}`);
  return [...(running.length === 0 ? [] : [`${listOf(running)} would run`]), ...broken.slice(0, 3)];
}

const commandsSign = ({ commands }: Seen): string | undefined => commands && `${commands} gives the everyday commands`;

function libcSign({ libc }: Seen): string | undefined {
  return libc && `${libc.path} is ${libc.version === undefined ? libc.kind : `${libc.kind} ${libc.version}`}`;
}

const initSign = ({ init }: Seen): string | undefined => init && `${init.path} is ${init.kind}`;

/** Packages without anything that could install another. */
function distrolessSign({ packages, shells, managers }: Seen): string | undefined {
  if (packages === undefined || [...shells, ...managers].some(({ runs }) => runs)) return undefined;
  return 'packages are recorded, but no shell and no package manager would run: the image is distroless';
}

const mostNamed = 4;

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

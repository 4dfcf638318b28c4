import type { ImagePath } from '../../kit/index.ts';
import { type LegacyLevel, type MachineRules, rulesOfMachine } from './machines.ts';

/** What is known of one dynamic loader: by its file where the tree has it, else by its name. */
export interface LoaderProfile {
  /** `other` is a loader that is neither; it is taken to look where glibc's would. */
  readonly flavour: 'glibc' | 'musl' | 'other';
  readonly machineName: string;
  readonly littleEndian: boolean;
  /** `2.36`, `1.2.5`; undefined where the file does not tell. */
  readonly version: string | undefined;
  /** Where it looks last, in order, as they stand in the file. */
  readonly defaultDirectories: readonly string[];
  /** What `$LIB` stands for. */
  readonly lib: string;
  readonly cachePath: string;
  /** Subdirectories of glibc-hwcaps that it knows, best first. */
  readonly levels: readonly string[];
  readonly legacyLevels: readonly LegacyLevel[];
  readonly machine: MachineRules;
  /** The x86-64 level that it was built for and checks first of all; undefined for the baseline. */
  readonly leastCpu: number | undefined;
}

export interface LoaderFile {
  /** PT_INTERP of the program. */
  readonly name: string;
  /** The real path and the content, where the tree has such a file. */
  readonly path: ImagePath | undefined;
  readonly content: Uint8Array | undefined;
}

const muslDirectories = ['/lib', '/usr/local/lib', '/usr/lib'];
const firstWithLevels = '2.33';
const firstWithoutLegacyLevels = '2.37';

/** Reads what is compiled into a loader: directories, version, cache; nothing of it is executed. */
export function profileOf(file: LoaderFile, machineName: string, littleEndian: boolean): LoaderProfile {
  const text = file.content === undefined ? '' : Buffer.from(file.content).toString('latin1');
  const machine = rulesOfMachine(machineName);
  const flavour = flavourOf(file, text);
  const version = versionOf(file, text, flavour);
  const common = { flavour, machineName, littleEndian, version, machine, leastCpu: leastCpuIn(text) };
  if (flavour === 'musl') {
    const directories = muslDirectoriesIn(text);
    return { ...common, defaultDirectories: directories, lib: 'lib', cachePath: '', levels: [], legacyLevels: [] };
  }
  const defaultDirectories = glibcDirectoriesIn(text) ?? fallbackDirectories(file.name, machine);
  return {
    ...common,
    defaultDirectories,
    lib: libOf(defaultDirectories[0] ?? '/lib'),
    cachePath: cachePathIn(text) ?? '/etc/ld.so.cache',
    levels: isBefore(version, firstWithLevels, file) ? [] : machine.levels,
    legacyLevels: isBefore(version, firstWithoutLegacyLevels, file) ? machine.legacyLevels : [],
  };
}

/** Loaders tell their release since 2.33; one that is not there at all is taken for a recent one. */
function isBefore(version: string | undefined, other: string, { content }: LoaderFile): boolean {
  if (version === undefined) return content !== undefined;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number);
  return major === otherMajor ? minor < otherMinor : major < otherMajor;
}

function flavourOf({ name, path }: LoaderFile, text: string): LoaderProfile['flavour'] {
  if (text.includes('musl libc (')) return 'musl';
  if (text.includes('GLIBC_PRIVATE')) return 'glibc';
  const names = `${name} ${path ?? ''}`;
  if (/\/ld-musl-/.test(names)) return 'musl';
  return /\/ld(-linux[^/]*|64|-\d[^/]*)?\.so(\.\d+)?( |$)/.test(names) ? 'glibc' : 'other';
}

function versionOf({ path }: LoaderFile, text: string, flavour: LoaderProfile['flavour']): string | undefined {
  if (flavour === 'musl') return /\0(1\.\d+\.\d+)[^\0]{0,60}\0/.exec(text)?.[1];
  // Before 2.33 the loader does not tell, but its file had the release in its name.
  return (
    /(?:stable|development) release version (\d+\.\d+)/.exec(text)?.[1] ?? /\/ld-(\d+\.\d+)\.so$/.exec(path ?? '')?.[1]
  );
}

/** The texts of `Fatal glibc error: CPU does not support x86-64-v2`, of which only those that can be said are there. */
function leastCpuIn(text: string): number | undefined {
  const levels = [...text.matchAll(/CPU does not support x86-64-v([2-4])/g)].map(([, level]) => Number(level));
  return levels.length === 0 ? undefined : Math.max(...levels);
}

function muslDirectoriesIn(text: string): readonly string[] {
  const list = /\0(\/[\x21-\x7e]*lib(?::\/[\x21-\x7e]*lib[\x21-\x7e]*)*)\0/.exec(text)?.[1];
  return list?.includes(':') ? list.split(':') : muslDirectories;
}

/** The directories are one after another, each with its slash and NUL: the longest such run with a lib in it. */
function glibcDirectoriesIn(text: string): readonly string[] | undefined {
  let best: readonly string[] | undefined;
  for (const [run] of text.matchAll(/(?<=\0)(?:\/[\x21-\x7e]{0,300}\/\0){1,16}/g)) {
    const directories = run.split('\0').slice(0, -1);
    if (directories.every((path) => path.includes('lib')) && directories.length > (best?.length ?? 0)) {
      best = directories.map((path) => path.slice(0, -1));
    }
  }
  return best;
}

function cachePathIn(text: string): string | undefined {
  const end = text.indexOf('/ld.so.cache\0');
  const path = end === -1 ? '' : text.slice(text.lastIndexOf('\0', end) + 1, end);
  return path.startsWith('/') ? `${path}/ld.so.cache` : undefined;
}

function fallbackDirectories(name: string, machine: MachineRules): readonly string[] {
  const nextToIt = name.startsWith('/lib64/') ? ['/lib64', '/usr/lib64'] : [];
  return [`/lib/${machine.multiarch}`, `/usr/lib/${machine.multiarch}`, ...nextToIt, '/lib', '/usr/lib'];
}

const libOf = (first: string): string => /(?:^|\/)(lib[^/]*(?:\/[^/]*-linux-[^/]*)?)$/.exec(first)?.[1] ?? 'lib';

/** musl's path file: beside the loader's prefix, `/etc/…` for /lib/ld-musl-ARCH.so.1. */
export function muslPathFile(loaderName: string, arch: string): string {
  const slashes = [...loaderName.matchAll(/\//g)].map(({ index }) => index);
  const prefix = loaderName.startsWith('/') ? loaderName.slice(0, slashes.at(-2) ?? 0) : '';
  return `${prefix}/etc/ld-musl-${arch}.path`;
}

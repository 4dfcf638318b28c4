import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, linkSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ElfParts, elf } from '../../make/elf.ts';

/** Numbers that are the same for the same seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `below` - 1. */
  number(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  is(percent: number): boolean {
    return this.number(100) < percent;
  }

  one<T>(items: readonly [T, ...T[]]): T {
    return items[this.number(items.length)] ?? items[0];
  }

  some<T>(items: readonly [T, ...T[]], most: number): T[] {
    return Array.from({ length: this.number(most + 1) }, () => this.one(items));
  }
}

/** A tree with one program, and the environment that it is to be started in. */
export interface RandomCase {
  readonly program: string;
  readonly env: readonly string[];
}

const names = ['liba.so', 'libb.so', 'libc1.so', 'libd.so.1', 'libe.so.10', 'libf.so.2'] as const;
const plainDirectories = ['/opt/a', '/opt/b', '/opt/a/sub', '/usr/local/lib', '/usr/lib', '/srv'] as const;
const glibcDirectories = [...plainDirectories, '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64'] as const;
const levels = ['glibc-hwcaps/x86-64-v2', 'glibc-hwcaps/x86-64-v3', 'tls', 'x86_64', 'tls/x86_64'] as const;
/** What may stand in a search path; the empty one is the working directory. */
const elements: readonly [string, ...string[]] = [
  '',
  ...plainDirectories,
  ...[
    'opt/b',
    '/opt/a/',
    '//opt//a',
    '/none',
    '$ORIGIN',
    '$ORIGIN/../b',
    '/usr/$LIB',
    braced('ORIGIN', '/sub'),
    `/${braced('LIB')}`,
  ],
];
const versions = ['V1', 'V2', 'V3'] as const;
const loaders = { glibc: '/lib64/ld-linux-x86-64.so.2', musl: '/lib/ld-musl-x86_64.so.1' } as const;

export type Flavour = keyof typeof loaders;
export const loaderOf = (flavour: Flavour): string => loaders[flavour];

/** Fills the empty directory `root` with libraries in all the ways that loaders have to cope with; it has no loader. */
export function makeRandomTree(root: string, flavour: Flavour, chance: Chance): RandomCase {
  mkdirSync(root, { recursive: true });
  if (chance.is(50)) {
    mkdirSync(join(root, 'usr/lib'), { recursive: true });
    symlinkSync('usr/lib', join(root, 'lib'));
  }
  const directories = flavour === 'glibc' ? glibcDirectories : ([...plainDirectories, '/lib'] as const);
  const places: string[] = [];
  for (const directory of directories) {
    for (const name of names) {
      if (!chance.is(30)) continue;
      const level = flavour === 'glibc' && chance.is(12) ? `/${chance.one(levels)}` : '';
      const path = `${directory}${level}/${name}`;
      putLibrary({ root, flavour, chance, places }, path);
      places.push(path);
    }
  }
  const program = chance.one(['/bin/program', '/opt/a/program', '/opt/program']);
  // Filtees of a program come before it, where ld.so does not list them.
  const { auxiliaries: _, filters: __, ...parts } = randomParts(chance, flavour, 4);
  put(root, program, (file) => writeFileSync(file, elf({ ...parts, interpreter: loaderOf(flavour) })));
  chmodSync(join(root, program), 0o755);
  addLists(root, flavour, chance, places);
  return { program, env: randomEnvironment(chance) };
}

interface Making {
  readonly root: string;
  readonly flavour: Flavour;
  readonly chance: Chance;
  readonly places: readonly string[];
}

function putLibrary({ root, flavour, chance, places }: Making, path: string): void {
  const [, ...rest] = path.slice(path.lastIndexOf('/')).split('/');
  const name = rest.join('/');
  const other = places[chance.number(places.length || 1)];
  const dice = chance.number(100);
  put(root, path, (file) => {
    if (dice < 8 && other !== undefined) symlinkSync(other, file);
    else if (dice < 12 && other !== undefined && isFile(join(root, other))) linkSync(join(root, other), file);
    else if (dice < 14) symlinkSync('/nowhere/lib', file);
    else if (dice < 15) writeFileSync(file, chance.one(['', 'INPUT(-lc)\n', '\x7fELF']));
    else if (dice < 16) mkdirSync(file);
    else if (dice < 22 && flavour === 'glibc')
      writeFileSync(file, elf({ soname: name, architecture: chance.one(['386', 'arm64', 's390x']) }));
    else writeFileSync(file, elf(libraryParts(chance, name, flavour)));
  });
}

function libraryParts(chance: Chance, name: string, flavour: Flavour): ElfParts {
  const soname = chance.is(70) ? name : chance.one(names);
  const parts = randomParts(chance, flavour, 2);
  return { ...parts, ...(chance.is(85) ? { soname } : { type: 'shared' as const }) };
}

function randomParts(chance: Chance, flavour: Flavour, mostNeeds: number): ElfParts {
  const path = (percent: number): string | undefined =>
    chance.is(percent) ? chance.some(elements, 3).join(':') : undefined;
  const rpath = path(25);
  const runpath = path(25);
  const needs = [...someNames(chance, mostNeeds, flavour), ...(mostNeeds > 2 ? [chance.one(names)] : [])];
  // ld.so asserts that what should give versions is loaded, so linkers name nothing else.
  const giver = needs.find((name) => !name.includes('/'));
  const version = `${chance.one(versions)}${chance.is(20) ? '?' : ''}`;
  const defined = chance.is(70) ? versions.filter(() => chance.is(60)) : [];
  const extra = flavour === 'musl' ? undefined : chance.number(100);
  return {
    ...(rpath !== undefined && { rpath }),
    ...(runpath !== undefined && { runpath }),
    needs,
    ...(flavour === 'glibc' &&
      giver !== undefined &&
      chance.is(30) && { versionsNeeded: [{ file: giver, versions: [version] }] }),
    ...(defined.length > 0 && { versionsDefined: defined, symbols: [{ name: 'given', version: defined[0] ?? '' }] }),
    ...(extra !== undefined && extra < 4 && { dynamicFlags1: 0x800 }),
    ...(extra !== undefined && extra >= 4 && extra < 8 && { auxiliaries: [chance.one(names)] }),
    ...(extra !== undefined && extra >= 8 && extra < 10 && { filters: [chance.one(names)] }),
  };
}

function someNames(chance: Chance, most: number, flavour: Flavour): string[] {
  return chance.some(names, most).map((name) => {
    if (chance.is(88)) return name;
    const paths: [string, ...string[]] = [`/opt/a/${name}`, `opt/b/${name}`, `/srv/../opt/b/${name}`];
    return chance.one(flavour === 'glibc' ? [...paths, `$ORIGIN/${name}`, `${braced('ORIGIN')}/../b/${name}`] : paths);
  });
}

function addLists(root: string, flavour: Flavour, chance: Chance, places: readonly string[]): void {
  mkdirSync(join(root, 'etc'), { recursive: true });
  if (flavour === 'musl') {
    if (chance.is(40)) {
      const list = chance.some(plainDirectories, 4).join(chance.one([':', '\n', '\n\n']));
      writeFileSync(join(root, 'etc/ld-musl-x86_64.path'), list);
    }
    return;
  }
  if (chance.is(15)) writeFileSync(join(root, 'etc/ld.so.preload'), `${chance.some(names, 2).join(' ')} # liba.so\n`);
  if (!chance.is(60)) return;
  const listed = chance.some(plainDirectories, 3);
  for (const directory of listed) mkdirSync(join(root, directory), { recursive: true });
  writeFileSync(join(root, 'etc/ld.so.conf'), listed.map((directory) => `${directory}\n`).join(''));
  const format = chance.one(['new', 'compat']);
  // It aborts when it finds nothing for the old format; there is no cache then.
  spawnSync('/sbin/ldconfig', ['-r', root, '-X', '-c', format], { stdio: 'ignore' });
  const stale = places[chance.number(places.length || 1)];
  if (stale !== undefined && chance.is(20)) rmSync(join(root, stale), { recursive: true, force: true });
}

function randomEnvironment(chance: Chance): string[] {
  const env: string[] = [];
  if (chance.is(30)) env.push(`LD_LIBRARY_PATH=${chance.some(elements, 3).join(chance.one([':', ';']))}`);
  if (chance.is(15))
    env.push(`LD_PRELOAD=${[...chance.some(names, 2), '/opt/a/liba.so'].join(chance.one([':', ' ']))}`);
  return env;
}

function braced(token: string, rest = ''): string {
  return `$\{${token}}${rest}`;
}

const isFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

function put(root: string, path: string, write: (file: string) => void): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) {
    rmSync(file, { force: true });
    write(file);
  }
}

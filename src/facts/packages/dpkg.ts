import { baseName, type ImagePath, imagePath } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { readSmall } from '../read.ts';
import { aliasesOf } from './aliases.ts';
import { fieldOf, parseControl } from './control.ts';
import type { Package, PackageDatabase } from './types.ts';

const limitBytes = 16 * 1024 * 1024;
const newline = 0x0a;

/** Where a record in dpkg's form stands: dpkg's own or opkg's. */
export interface StatusPlace {
  readonly kind: 'dpkg' | 'opkg';
  readonly folder: string;
}

/** A record in dpkg's form: status, info/*.list and diversions in one directory (dpkg(1)). */
export function dpkgDatabase(tree: FileTree, { kind, folder }: StatusPlace, status: string): PackageDatabase {
  const database = new Dpkg(tree, folder, status);
  return {
    kind,
    path: imagePath(`${folder}/status`),
    readable: true,
    all: async () => database.names().flatMap((name) => database.package(name) ?? []),
    find: async (name) => database.package(name) ?? database.provider(name),
    builtFrom: async (source) => database.builtFrom(source),
    ownerOf: (path) => database.ownerOf(path),
    owns: (owner, path) => database.owns(owner, path),
    filesOf: (owner) => database.filesOf(owner),
  };
}

interface Diversion {
  readonly from: string;
  readonly to: string;
  readonly by: string;
}

class Dpkg {
  private readonly tree: FileTree;
  private readonly folder: string;
  private readonly status: string;
  /** Where each package's paragraph begins in `status`. */
  private readonly offsets: ReadonlyMap<string, number>;
  private readonly packages = new Map<string, Package | undefined>();
  private readonly lists = new Map<string, Promise<Buffer>>();
  private readonly owners = new Map<ImagePath, Promise<Package | undefined>>();
  private providers: Map<string, string> | undefined;
  private diversions: Promise<readonly Diversion[]> | undefined;

  constructor(tree: FileTree, folder: string, status: string) {
    this.tree = tree;
    this.folder = folder;
    this.status = status;
    this.offsets = paragraphsOf(status);
  }

  names(): string[] {
    return [...this.offsets.keys()];
  }

  package(name: string): Package | undefined {
    const offset = this.offsets.get(name);
    if (offset === undefined) return undefined;
    if (!this.packages.has(name)) this.packages.set(name, parseControl(this.paragraph(offset)));
    return this.packages.get(name);
  }

  provider(name: string): Package | undefined {
    this.providers ??= providersIn(this.status);
    const provider = this.providers.get(name);
    return provider === undefined ? undefined : this.package(provider);
  }

  builtFrom(source: string): Package[] {
    const found = new Set([source]);
    const mark = `\nSource: ${source}`;
    for (let at = this.status.indexOf(mark); at !== -1; at = this.status.indexOf(mark, at + 1)) {
      const next = this.status[at + mark.length];
      const start = this.status.lastIndexOf('\n\n', at) + 2;
      if (next === '\n' || next === ' ') found.add(fieldOf(this.paragraph(start === 1 ? 0 : start), 'Package'));
    }
    return [...found].flatMap((name) => this.package(name) ?? []).filter((one) => one.source === source);
  }

  ownerOf(path: ImagePath): Promise<Package | undefined> {
    const known = this.owners.get(path) ?? this.searchOwner(path);
    this.owners.set(path, known);
    return known;
  }

  async owns(owner: Package, path: ImagePath): Promise<boolean> {
    const list = await this.list(owner.name);
    return aliasesOf(path).some((name) => list.includes(`\n${name}\n`));
  }

  async filesOf(owner: Package): Promise<ImagePath[]> {
    const text = (await this.list(owner.name)).toString('utf8');
    const diverted = new Map<string, string>();
    for (const { from, to, by } of await this.readDiversions()) if (by !== owner.name) diverted.set(from, to);
    const files: ImagePath[] = [];
    for (const line of text.split('\n')) {
      if (line !== '' && line !== '/.') files.push((diverted.get(line) ?? line) as ImagePath);
    }
    return files;
  }

  private paragraph(offset: number): string {
    const end = this.status.indexOf('\n\n', offset);
    return this.status.slice(offset, end === -1 ? undefined : end);
  }

  private async searchOwner(path: ImagePath): Promise<Package | undefined> {
    let names = aliasesOf(path) as string[];
    let notBy: string | undefined;
    for (const { from, to, by } of await this.readDiversions()) {
      if (names.includes(from)) return this.package(by);
      if (names.includes(to)) [names, notBy] = [[from], by];
    }
    const wanted = names.map((name) => Buffer.from(`\n${name}\n`));
    for (const name of this.guesses(baseName(path))) {
      if (name === notBy) continue;
      const list = await this.list(name);
      if (wanted.some((line) => list.includes(line))) return this.package(name);
    }
    return undefined;
  }

  /** All names, those first that a package with such a file mostly has: most searches end after a few. */
  private *guesses(name: string): Generator<string> {
    const usual = usualNames(name).filter((one) => this.offsets.has(one));
    yield* usual;
    for (const other of likelyFirst(this.names(), name)) if (!usual.includes(other)) yield other;
  }

  private list(name: string): Promise<Buffer> {
    const known = this.lists.get(name) ?? this.readList(name);
    this.lists.set(name, known);
    return known;
  }

  private async readList(name: string): Promise<Buffer> {
    const paragraph = this.paragraph(this.offsets.get(name) ?? 0);
    const qualified = `${name}:${fieldOf(paragraph, 'Architecture')}`;
    const order = fieldOf(paragraph, 'Multi-Arch') === 'same' ? [qualified, name] : [name, qualified];
    for (const file of order) {
      const list = await readSmall(this.tree, `${this.folder}/info/${file}.list`, limitBytes);
      // Lines are looked for with what stands around them.
      if (list !== undefined) return list[0] === newline ? list : Buffer.concat([Buffer.of(newline), list]);
    }
    return Buffer.alloc(0);
  }

  private readDiversions(): Promise<readonly Diversion[]> {
    this.diversions ??= readSmall(this.tree, `${this.folder}/diversions`, limitBytes).then((bytes) =>
      parseDiversions(bytes?.toString('utf8') ?? ''),
    );
    return this.diversions;
  }
}

function paragraphsOf(status: string): Map<string, number> {
  const offsets = new Map<string, number>();
  const mark = '\nPackage: ';
  for (let at = status.startsWith('Package: ') ? -1 : status.indexOf(mark); ; ) {
    const start = at + 1;
    const end = status.indexOf('\n', start);
    if (end === -1) break;
    offsets.set(status.slice(start + mark.length - 1, end).trim(), start);
    at = status.indexOf(mark, end);
    if (at === -1) break;
  }
  return offsets;
}

/** Virtual package -> the first package that provides it. */
function providersIn(status: string): Map<string, string> {
  const providers = new Map<string, string>();
  for (let at = status.indexOf('\nProvides: '); at !== -1; at = status.indexOf('\nProvides: ', at + 1)) {
    const start = status.lastIndexOf('\n\n', at);
    const end = status.indexOf('\n\n', at);
    const found = parseControl(status.slice(start === -1 ? 0 : start + 2, end === -1 ? undefined : end));
    for (const name of found?.provides ?? []) {
      if (found !== undefined && !providers.has(name)) providers.set(name, found.name);
    }
  }
  return providers;
}

/** Three lines each: the file, where it went, the package that owns the file's own name now. */
function parseDiversions(text: string): Diversion[] {
  const lines = text.split('\n');
  const diversions: Diversion[] = [];
  for (let at = 0; at + 2 < lines.length; at += 3) {
    diversions.push({ from: lines[at] ?? '', to: lines[at + 1] ?? '', by: lines[at + 2] ?? '' });
  }
  return diversions;
}

/** Debian names a library's package after its soname: libssl.so.3 is in libssl3, libdb-5.3.so in libdb5.3. */
function usualNames(name: string): string[] {
  const lower = name.toLowerCase().replaceAll('_', '-');
  const [, stem = lower, version = ''] = /^(.+?)\.so(?:\.(\d+))?[\d.]*$/.exec(lower) ?? [];
  const [, word = stem, number = ''] = /^(.*?)-?([\d.]*)$/.exec(stem) ?? [];
  const joined = /\d$/.test(stem) ? `${stem}-${version}` : `${stem}${version}`;
  const special = partsOfOthers.find(([library]) => library.test(lower))?.[1] ?? [];
  return [...new Set([...special, joined, stem, `${joined}t64`, `${word}${number}`, `${joined}-0`])];
}

/** Libraries whose packages are called otherwise, and are asked for all the time. */
const partsOfOthers: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^lib(c|m|mvec|dl|rt|util|anl|resolv|pthread|nsl|nss-\w+)\.so|^ld-/, ['libc6']],
  [/^libcrypto\.so\.3/, ['libssl3', 'libssl3t64']],
  [/^libcrypto\.so\.1\.1/, ['libssl1.1']],
  [/^libz\.so/, ['zlib1g']],
  [/^lib(krb5support|k5crypto)\.so/, ['libkrb5support0', 'libk5crypto3']],
];

/**
 * Package names in the order in which it pays to look for a file `name`: first those that resemble it
 * (`nginx` in nginx-core, `libssl.so.3` in libssl3), so that most searches end after a few lists.
 */
function likelyFirst(names: readonly string[], name: string): string[] {
  const stem = name
    .toLowerCase()
    .replace(/\.so\b.*$/, '')
    .replace(/[^a-z0-9+.-]/g, '-');
  const soname = name.toLowerCase().replace(/\.so\.?/, '');
  const short = stem.replace(/^lib/, '').replace(/[\d.-]+$/, '');
  const grade = (candidate: string): number => {
    if (candidate === stem || candidate === soname) return 0;
    if (candidate.startsWith(stem)) return 1;
    return short.length > 1 && candidate.includes(short) ? 2 : 3;
  };
  const grades: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const candidate of names) grades[grade(candidate) as 0 | 1 | 2 | 3].push(candidate);
  return grades.flat();
}

import { type Elf, findStrings, parseElf, readSymbols } from '../../formats/elf/index.ts';
import { recogniseProgram } from '../../formats/program/index.ts';
import { bytesSource, type ImagePath, isFault, readAll, type Source } from '../../kit/index.ts';
import type { FileNode } from '../../rootfs/index.ts';
import type { Closure } from '../loader/index.ts';
import type { NeedLevel } from '../types.ts';
import { importedNames } from './imports.ts';
import { absolutePathsIn, libraryNamesIn } from './paths.ts';
import type { Role } from './rule.ts';

/** Larger files are not searched for strings: they are data with a header. */
const searchedBytes = 192 * 1024 * 1024;
const longestScript = 4 * 1024 * 1024;
const headBytes = 4096;
const longestName = 4096;

/** One file that comes along, and what it says of itself: read when a rule asks, and once. */
export class Subject {
  readonly path: ImagePath;
  readonly node: FileNode;
  readonly level: NeedLevel;
  readonly role: Role;
  /** The program in whose process it is loaded: for a library or module; a program's own is set when it is followed. */
  process: Closure | undefined;
  #bytes: Promise<Buffer> | undefined;
  #elf: Promise<Elf | undefined> | undefined;
  #imports: Promise<ReadonlySet<string>> | undefined;
  #strings: Promise<ReadonlySet<string>> | undefined;
  #paths: Promise<readonly string[]> | undefined;
  #pathSet: ReadonlySet<string> | undefined;
  #components: Promise<ReadonlySet<string>> | undefined;
  #libraries: Promise<readonly string[]> | undefined;

  /** The file that asked for it. */
  readonly wisher: Subject | undefined;
  /** How many starts of programs lie between the first program and this one. */
  readonly depth: number;

  constructor(path: ImagePath, node: FileNode, as: Pick<Subject, 'level' | 'role' | 'process' | 'depth' | 'wisher'>) {
    this.path = path;
    this.node = node;
    this.level = as.level;
    this.role = as.role;
    this.process = as.process;
    this.depth = as.depth;
    this.wisher = as.wisher;
  }

  /** Whether its own code asks, and not a library's on its behalf. */
  get isProgram(): boolean {
    return this.role === 'program' || this.role === 'helper';
  }

  /** The whole content; empty for a file too large to search. */
  bytes(): Promise<Buffer> {
    this.#bytes ??= this.#readBytes();
    return this.#bytes;
  }

  /** The text of a script. */
  async text(): Promise<string> {
    return (await this.bytes()).subarray(0, longestScript).toString('latin1');
  }

  async recognised(): Promise<ReturnType<typeof recogniseProgram>> {
    return recogniseProgram((await this.bytes()).subarray(0, headBytes));
  }

  /** undefined for what is no ELF file, or a damaged one. */
  elf(): Promise<Elf | undefined> {
    this.#elf ??= this.#source().then(parseElf).catch(undefinedWhenMalformed);
    return this.#elf;
  }

  /** Names of symbols that another object must give. */
  imports(): Promise<ReadonlySet<string>> {
    this.#imports ??= this.#readImports();
    return this.#imports;
  }

  async importsAny(names: readonly string[]): Promise<string | undefined> {
    const imports = await this.imports();
    return names.find((name) => imports.has(name));
  }

  /** Printable strings of an ELF file's data. */
  strings(): Promise<ReadonlySet<string>> {
    this.#strings ??= this.#readStrings();
    return this.#strings;
  }

  /** Words with `.so` in them, as they stand between bytes that no file name has. */
  libraryNames(): Promise<readonly string[]> {
    this.#libraries ??= this.bytes().then(libraryNamesIn);
    return this.#libraries;
  }

  /** Absolute paths that stand in the content. */
  absolutePaths(): Promise<readonly string[]> {
    this.#paths ??= this.bytes().then(absolutePathsIn);
    return this.#paths;
  }

  /** Whether a path stands in the content as a word of its own; anywhere, where strings have no ends (Go). */
  async names(path: string): Promise<boolean> {
    this.#pathSet ??= new Set(await this.absolutePaths());
    return this.#pathSet.has(path) || (this.process?.flavour === 'static' && (await this.mentions(path)));
  }

  /** The components of all paths and file names among the strings, or in the text of a script. */
  components(): Promise<ReadonlySet<string>> {
    this.#components ??= this.#words().then(componentsOf);
    return this.#components;
  }

  async mentions(text: string): Promise<boolean> {
    return (await this.bytes()).includes(text, 0, 'latin1');
  }

  async #readBytes(): Promise<Buffer> {
    const { content, sizeBytes } = this.node;
    if (sizeBytes > searchedBytes) return Buffer.alloc(0);
    if (content.readAt === undefined) return readAll(content, searchedBytes);
    const bytes = await content.readAt(0, sizeBytes);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  async #source(): Promise<Source> {
    return bytesSource(await this.bytes());
  }

  async #readImports(): Promise<ReadonlySet<string>> {
    const elf = await this.elf();
    if (elf?.dynamic === undefined) return new Set();
    const names = importedNames(await this.bytes(), elf);
    if (names !== undefined) return names;
    const symbols = await readSymbols(await this.#source(), elf).catch(undefinedWhenMalformed);
    return new Set(symbols?.filter(({ defined }) => !defined).map(({ name }) => name));
  }

  async #words(): Promise<Iterable<string>> {
    return (await this.elf()) === undefined ? (await this.text()).split('\n') : this.strings();
  }

  async #readStrings(): Promise<ReadonlySet<string>> {
    const elf = await this.elf();
    if (elf === undefined) return new Set();
    return new Set(await findStrings(await this.#source(), elf).catch(undefinedWhenMalformed));
  }
}

function componentsOf(strings: Iterable<string>): Set<string> {
  const components = new Set<string>();
  for (const text of strings) {
    if (text.length > longestName) continue;
    for (const word of text.split(/[^\w.+@-]+/)) if (word.length > 3) components.add(word);
  }
  return components;
}

function undefinedWhenMalformed(error: unknown): undefined {
  if (!isFault(error, 'ELF_MALFORMED')) throw error;
}

import { type Elf, findStrings, parseElf, readSymbols } from '../../formats/elf/index.ts';
import { recognisedBytes, recogniseProgram } from '../../formats/program/index.ts';
import { type ImagePath, isFault, readAt } from '../../kit/index.ts';
import type { FileNode } from '../../rootfs/index.ts';
import type { Closure } from '../loader/index.ts';
import type { NeedLevel } from '../types.ts';
import { dataOf, wholeContent } from './content.ts';
import { type ImportedNames, importedNames } from './imports.ts';
import { absolutePathsIn, libraryNamesIn } from './paths.ts';
import type { Role } from './rule.ts';

const longestScript = 1024 * 1024;
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
  #program: Promise<ReturnType<typeof recogniseProgram>> | undefined;
  #elf: Promise<Elf | undefined> | undefined;
  #imports: Promise<ImportedNames> | undefined;
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

  /** The content, of an ELF file without its code; empty for a file too large to search. */
  bytes(): Promise<Buffer> {
    this.#bytes ??= this.#readBytes();
    return this.#bytes;
  }

  /** The text of a script. */
  async text(): Promise<string> {
    return (await this.bytes()).subarray(0, longestScript).toString('latin1');
  }

  recognised(): Promise<ReturnType<typeof recogniseProgram>> {
    this.#program ??= readAt(this.node.content, 0, recognisedBytes).then(recogniseProgram);
    return this.#program;
  }

  /** undefined for what is no ELF file, or a damaged one. */
  elf(): Promise<Elf | undefined> {
    this.#elf ??= this.#findElf();
    return this.#elf;
  }

  /** The first of `names` that it wants another object to give. */
  async importsAny(names: readonly string[]): Promise<string | undefined> {
    this.#imports ??= this.#readImports();
    const imports = await this.#imports;
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

  async #findElf(): Promise<Elf | undefined> {
    const known = this.process?.objects.find(({ path }) => path === this.path)?.elf;
    return known ?? parseElf(this.node.content).catch(undefinedWhenMalformed);
  }

  async #readBytes(): Promise<Buffer> {
    const { content, sizeBytes } = this.node;
    const elf = (await this.recognised()).kind === 'elf' ? await this.elf() : undefined;
    return elf === undefined ? wholeContent(content, sizeBytes) : dataOf(content, elf, sizeBytes);
  }

  async #readImports(): Promise<ImportedNames> {
    const elf = await this.elf();
    if (elf?.dynamic === undefined) return new Set();
    const names = importedNames(await this.bytes(), elf);
    if (names !== undefined) return names;
    const symbols = await readSymbols(this.node.content, elf).catch(undefinedWhenMalformed);
    return new Set(symbols?.filter(({ defined }) => !defined).map(({ name }) => name));
  }

  async #words(): Promise<Iterable<string>> {
    return (await this.elf()) === undefined ? (await this.text()).split('\n') : this.strings();
  }

  async #readStrings(): Promise<ReadonlySet<string>> {
    const elf = await this.elf();
    if (elf === undefined) return new Set();
    return new Set(await findStrings(this.node.content, elf).catch(undefinedWhenMalformed));
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

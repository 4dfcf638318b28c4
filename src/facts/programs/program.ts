import { type Elf, findStrings, type GoBuildInfo, goBuildInfo } from '../../formats/elf/index.ts';
import { Fault, type ImagePath, isFault, type Source } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { type Closure, closureOf } from '../loader/index.ts';
import type { StartVerdict } from '../start/index.ts';
import { importsOf } from './imports.ts';
import type { ProgramFacts } from './types.ts';

const libcs =
  /^(libc\.so\.6|libc\.so|libc\.musl-.*|ld-musl-.*|ld-linux.*|ld64?\.so.*|lib(m|dl|pthread|rt|resolv|util)\.so\.\d+)$/;

/**
 * The ELF programs of the chain of start, in order: those that the verdict looked into, and static ones beside them.
 * What cannot be read any more is left out.
 */
export async function programsOf(
  tree: FileTree,
  { chain, closures }: Pick<StartVerdict, 'chain' | 'closures'>,
): Promise<readonly ProgramFacts[]> {
  const programs: ProgramFacts[] = [];
  for (const { path, kind } of chain) {
    if (kind !== 'elf') continue;
    const closure = closures.find(({ program }) => program === path) ?? (await closureAt(tree, path));
    if (closure !== undefined) programs.push(programFactsOf(tree, closure));
  }
  return programs;
}

async function closureAt(tree: FileTree, path: ImagePath): Promise<Closure | undefined> {
  try {
    return await closureOf(tree, path);
  } catch (error) {
    if (!isFault(error)) throw error;
    return undefined;
  }
}

/** What one program says of itself. Nothing is read before it is asked for, and nothing twice. */
export const programFactsOf = (tree: FileTree, closure: Closure): ProgramFacts => new ReadFacts(tree, closure);

class ReadFacts implements ProgramFacts {
  readonly path: ImagePath;
  readonly elf: Elf;
  readonly closure: Closure;
  readonly #tree: FileTree;
  #libraryImports: Promise<ReadonlyMap<ImagePath, ReadonlySet<string>>> | undefined;
  #go: Promise<GoBuildInfo | undefined> | undefined;
  #strings: Promise<ReadonlySet<string>> | undefined;

  constructor(tree: FileTree, closure: Closure) {
    const [own] = closure.objects;
    if (own === undefined) throw new TypeError('a closure begins with its program');
    this.path = closure.program;
    this.elf = own.elf;
    this.closure = closure;
    this.#tree = tree;
  }

  async imports(): Promise<ReadonlySet<string>> {
    return importsOf(await this.#content(this.path), this.elf);
  }

  libraryImports(): Promise<ReadonlyMap<ImagePath, ReadonlySet<string>>> {
    this.#libraryImports ??= this.#readLibraryImports();
    return this.#libraryImports;
  }

  go(): Promise<GoBuildInfo | undefined> {
    this.#go ??= this.#unlessDamaged((content) => goBuildInfo(content, this.elf));
    return this.#go;
  }

  strings(): Promise<ReadonlySet<string>> {
    this.#strings ??= this.#unlessDamaged((content) => findStrings(content, this.elf)).then((found) => new Set(found));
    return this.#strings;
  }

  async #readLibraryImports(): Promise<ReadonlyMap<ImagePath, ReadonlySet<string>>> {
    const imports = new Map<ImagePath, ReadonlySet<string>>();
    for (const { path, elf } of this.closure.objects.slice(1)) {
      if (libcs.test(elf.dynamic?.soname ?? path.slice(path.lastIndexOf('/') + 1))) continue;
      imports.set(path, await importsOf(await this.#content(path), elf));
    }
    return imports;
  }

  async #unlessDamaged<T>(read: (content: Source) => Promise<T>): Promise<T | undefined> {
    try {
      return await read(await this.#content(this.path));
    } catch (error) {
      if (!isFault(error, 'ELF_MALFORMED')) throw error;
      return undefined;
    }
  }

  async #content(path: ImagePath): Promise<Source> {
    const node = await this.#tree.lookup(path);
    if (node !== undefined) return node.content;
    throw new Fault('FILE_NOT_FOUND', `${path} is not there any more`, { hint: 'Try again.' });
  }
}

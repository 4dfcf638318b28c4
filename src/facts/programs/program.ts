import { findStrings, goBuildInfo } from '../../formats/elf/index.ts';
import { baseName, Fault, type ImagePath, isFault, type Source } from '../../kit/index.ts';
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
export function programFactsOf(tree: FileTree, closure: Closure): ProgramFacts {
  const [own] = closure.objects;
  if (own === undefined) throw new TypeError('a closure begins with its program');
  const path = closure.program;
  const { elf } = own;
  return {
    path,
    elf,
    closure,
    imports: once(async () => importsOf(await contentAt(tree, path), elf)),
    libraryImports: once(() => libraryImportsOf(tree, closure)),
    go: once(() => unlessDamaged(tree, path, (content) => goBuildInfo(content, elf))),
    strings: once(async () => new Set(await unlessDamaged(tree, path, (content) => findStrings(content, elf)))),
  };
}

function once<T>(find: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => {
    found ??= find();
    return found;
  };
}

async function libraryImportsOf(
  tree: FileTree,
  { objects }: Closure,
): Promise<ReadonlyMap<ImagePath, ReadonlySet<string>>> {
  const imports = new Map<ImagePath, ReadonlySet<string>>();
  for (const { path, elf } of objects.slice(1)) {
    if (libcs.test(elf.dynamic?.soname ?? baseName(path))) continue;
    imports.set(path, await importsOf(await contentAt(tree, path), elf));
  }
  return imports;
}

async function unlessDamaged<T>(
  tree: FileTree,
  path: ImagePath,
  read: (content: Source) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read(await contentAt(tree, path));
  } catch (error) {
    if (!isFault(error, 'ELF_MALFORMED')) throw error;
    return undefined;
  }
}

async function contentAt(tree: FileTree, path: ImagePath): Promise<Source> {
  const node = await tree.lookup(path);
  if (node !== undefined) return node.content;
  throw new Fault('FILE_NOT_FOUND', `${path} is not there any more`, { hint: 'Try again.' });
}

import { type Closure, closureOf, type LoadedObject, type MissingLibrary } from '../../facts/loader/index.ts';
import { isStaticPie } from '../../formats/elf/index.ts';
import { rootPath } from '../../kit/index.ts';
import { resolve } from '../../rootfs/index.ts';
import type { LddGround } from './ground.ts';
import { inLoadOrder } from './order.ts';
import type { FoundFile } from './program.ts';
import type { LddElf, LddLibrary } from './types.ts';
import { versionsOf } from './versions.ts';
import { whyFound } from './why.ts';

/** What the loader in the tree does for one ELF file. @throws {Fault} those of closureOf */
export async function elfOf(ground: LddGround, { path }: FoundFile): Promise<LddElf> {
  const cwd = await resolve(ground.tree, ground.cwd);
  const closure = await closureOf(ground.tree, path, {
    env: ground.env,
    cwd: cwd.found ? cwd.path : rootPath,
  });
  const elf = closure.objects[0]?.elf;
  const common = { machine: elf?.machineName ?? '', class: elf?.class ?? 64, notes: closure.notes };
  if (closure.flavour === 'static') {
    const linkage = elf !== undefined && isStaticPie(elf) ? 'static-pie' : 'static';
    return { ...common, linkage, loader: null, interpreter: null, libraries: [], variants: [], versions: [] };
  }
  return {
    ...common,
    linkage: 'dynamic',
    loader: closure.flavour,
    interpreter: closure.interpreter?.name ?? null,
    libraries: librariesOf(closure, ground.env),
    variants: closure.variants.map((object) => libraryOf(object, closure, ground.env)),
    versions: versionsOf(closure),
  };
}

function librariesOf(closure: Closure, env: readonly string[]): LddLibrary[] {
  const own = closure.objects[0]?.elf;
  if (own?.interpreter === undefined && own?.dynamic?.needed.length === 0) return [];
  const libraries = inLoadOrder(closure).map((one) => ('how' in one ? libraryOf(one, closure, env) : absent(one)));
  if (closure.interpreter?.path === undefined) return [...libraries, absentLoader(closure)];
  return closure.flavour === 'musl' ? withMuslItself(libraries, closure) : libraries;
}

/** musl's loader names itself first, and again under the name by which libraries want it. */
function withMuslItself(libraries: readonly LddLibrary[], closure: Closure): LddLibrary[] {
  const own = libraries.find(({ how }) => how === 'interpreter');
  if (own === undefined) return [...libraries];
  const others = new Set(libraries.map(({ name }) => name));
  const needed = closure.objects.flatMap(({ elf }) => elf.dynamic?.needed ?? []);
  const name = needed.find((one) => !others.has(one)) ?? own.name;
  const again = { ...own, name, because: 'the loader is the C library too' };
  return [own, ...libraries.flatMap((library) => (library === own ? (name === own.name ? [] : [again]) : [library]))];
}

function libraryOf(object: LoadedObject, closure: Closure, env: readonly string[]): LddLibrary {
  return {
    name: object.requested,
    path: object.name,
    realPath: object.path,
    wantedBy: object.wantedBy ?? null,
    alsoWantedBy: othersThatWant(object, closure),
    how: object.how,
    because: whyFound(object, closure, env),
    searched: [],
  };
}

function othersThatWant({ path, requested, elf, wantedBy }: LoadedObject, { objects }: Closure) {
  const names = new Set([requested, elf.dynamic?.soname]);
  const others = objects.filter((other) => other.elf.dynamic?.needed.some((name) => names.has(name)));
  return others.map((other) => other.path).filter((other) => other !== wantedBy && other !== path);
}

const absent = ({ name, wantedBy, at, detail, searched }: MissingLibrary): LddLibrary => ({
  ...{ name, path: null, realPath: null, wantedBy, alsoWantedBy: [], how: null, searched },
  because: at === undefined ? detail : `${at}: ${detail}`,
});

function absentLoader({ program, interpreter, objects }: Closure): LddLibrary {
  const isProgram = objects[0]?.elf.interpreter !== undefined;
  return {
    ...{ name: interpreter?.name ?? '', path: null, realPath: null, wantedBy: program },
    ...{ alsoWantedBy: [], how: null, searched: [] },
    because: isProgram
      ? 'the program names it as its loader, and there is no such file'
      : 'it is the usual loader for such a library, and there is no such file',
  };
}

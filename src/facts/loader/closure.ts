import { type Elf, isStaticPie } from '../../formats/elf/index.ts';
import { Fault, type ImagePath, parentPath, rootPath } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import type { Closure, ClosureFile, ClosureOptions, LoadedObject } from './answer.ts';
import { variable } from './environment.ts';
import { GlibcSearch } from './glibc.ts';
import { loaderNameOf } from './interpreter.ts';
import { LibraryFiles, type Opened } from './library-files.ts';
import { LinkMap, type Mapped } from './link-map.ts';
import { Loading } from './loading.ts';
import { MuslSearch } from './musl.ts';
import { preload } from './preload.ts';
import { type LoaderFile, type LoaderProfile, profileOf } from './profile.ts';
import { Budget, type SearchSetting } from './search.ts';
import { versionProblemsOf } from './versions.ts';

type Found = Extract<Opened, { is: 'file' }>;

const loaderLimitBytes = 16 * 1024 * 1024;

/**
 * What the dynamic loader in `tree` would do to start `program`: the objects in load order and every file, link
 * and list that it takes for that; what it would not find, and which versions are not given. Nothing is executed,
 * and nothing but `tree` and `options` counts. Works for libraries too, as `ldd LIBRARY` does.
 * @throws {Fault} FILE_NOT_FOUND when `program` is not there, UNSUPPORTED when it is no ELF file that could be loaded.
 */
export async function closureOf(tree: FileTree, program: ImagePath, options: ClosureOptions = {}): Promise<Closure> {
  const files = LibraryFiles.of(tree, options.as);
  // Program and loader are opened by the kernel, for which it is enough that they may be executed.
  const opened = await openProgram(LibraryFiles.of(tree, undefined), program);
  const elf = opened.file.elf;
  if (elf === undefined) {
    throw new Fault('UNSUPPORTED', `${program} is no ELF program or library: ${opened.file.problem}`, {
      hint: 'Ask for the interpreter of a script instead.',
    });
  }
  const own: LoadedObject = {
    path: opened.path,
    name: program,
    requested: program,
    wantedBy: undefined,
    how: 'program',
    elf,
    links: opened.links,
  };
  return isStatic(elf, options) ? staticClosure(own) : dynamicClosure(own, opened, { files, options });
}

async function openProgram(files: LibraryFiles, program: ImagePath): Promise<Found> {
  const opened = await files.open(program);
  if (opened.is === 'file') return opened;
  throw new Fault('FILE_NOT_FOUND', `${program} cannot be opened: ${opened.is}`, {
    hint: 'Check the path, and whether a link on the way leads out of the tree.',
  });
}

/** A library has no PT_INTERP either, but it needs others, or gives symbols under a name. */
function isStatic(elf: Elf, { loader }: ClosureOptions): boolean {
  if (elf.interpreter !== undefined || loader !== undefined) return false;
  if (elf.dynamic === undefined || isStaticPie(elf)) return true;
  return elf.type === 'executable' && elf.dynamic.needed.length === 0;
}

const staticClosure = (own: LoadedObject): Closure => ({
  program: own.path,
  flavour: 'static',
  interpreter: undefined,
  objects: [own],
  scope: [own],
  variants: [],
  files: programFiles(own),
  missing: [],
  versionProblems: [],
  notes: [],
  profile: undefined,
  loading: undefined,
});

interface Setting {
  readonly files: LibraryFiles;
  readonly options: ClosureOptions;
}

async function dynamicClosure(own: LoadedObject, opened: Found, { files, options }: Setting): Promise<Closure> {
  const name = options.loader ?? (await loaderNameOf(own.elf, files));
  const unchecked = LibraryFiles.of(files.tree, undefined);
  const interpreter = await openInterpreter(unchecked, name, options.cwd ?? rootPath);
  const program = mapProgram(own, opened);
  const profile = await findProfile(unchecked, { name, path: interpreter?.path }, own.elf);
  const setting = settingOf(files, options, { name, profile, program });
  const search = setting.profile.flavour === 'musl' ? new MuslSearch(setting) : new GlibcSearch(setting);
  const map = new LinkMap([program], interpreter && mapInterpreter(interpreter, name, own.path));
  const loading = new Loading(setting, search, map);
  for (const file of programFiles(own)) loading.addFile(file);
  if (interpreter !== undefined) noteInterpreter(loading, interpreter, name, own.path);
  const preloads = await preload(loading, options.env ?? []);
  await loading.loadNeeds([program, ...preloads.mapped]);
  const scope = map.listed.map(({ object }) => object);
  if (map.interpreter !== undefined && !map.has(map.interpreter)) map.add(map.interpreter);
  return {
    program: own.path,
    flavour: setting.profile.flavour,
    interpreter: { name, path: interpreter?.path },
    objects: map.listed.map(({ object }) => object),
    scope,
    variants: loading.variants,
    files: await loading.collectFiles(),
    missing: loading.missing,
    versionProblems: setting.profile.flavour === 'musl' ? [] : versionProblemsOf(map.listed, map),
    notes: preloads.notes,
    profile: setting.profile,
    loading,
  };
}

async function openInterpreter(files: LibraryFiles, name: string, cwd: ImagePath): Promise<Found | undefined> {
  const opened = await files.open(name.startsWith('/') ? name : `${cwd === '/' ? '' : cwd}/${name}`);
  return opened.is === 'file' && opened.file.node.kind === 'file' ? opened : undefined;
}

/** Reads the loader's own file where there is one. */
function findProfile(
  files: LibraryFiles,
  { name, path }: Pick<LoaderFile, 'name' | 'path'>,
  { machineName, littleEndian }: Elf,
): Promise<LoaderProfile> {
  return files.profileOf(`${machineName} ${littleEndian} ${path ?? ''} ${name}`, async () => {
    const content = path === undefined ? undefined : await files.read(path, loaderLimitBytes);
    return profileOf({ name, path, content }, machineName, littleEndian);
  });
}

function settingOf(
  files: LibraryFiles,
  options: ClosureOptions,
  found: { readonly name: string; readonly profile: LoaderProfile; readonly program: Mapped },
): SearchSetting {
  const { elf } = found.program.object;
  const secure = options.secure ?? false;
  return {
    files,
    profile: found.profile,
    host: elf,
    budget: new Budget(),
    libraryPath: secure ? '' : variable(options.env ?? [], 'LD_LIBRARY_PATH'),
    secure,
    cwd: options.cwd ?? rootPath,
    cpu: options.cpu,
    loaderName: found.name,
    program: () => found.program,
  };
}

const mapProgram = (object: LoadedObject, { file }: Found): Mapped => ({
  object,
  identity: file.identity,
  origin: parentPath(object.path),
  loader: undefined,
  names: new Set([object.name]),
});

function mapInterpreter({ path, file, links }: Found, name: string, wantedBy: ImagePath): Mapped | undefined {
  if (file.elf === undefined) return undefined;
  const object = { path, name, requested: name, wantedBy, how: 'interpreter', elf: file.elf, links } as const;
  return { object, identity: file.identity, origin: parentPath(path), loader: undefined, names: new Set([name]) };
}

const programFiles = ({ path, links }: LoadedObject): ClosureFile[] => [
  { path, because: { rule: 'program', by: undefined, detail: 'the program' } },
  ...links.map((link) => ({
    path: link,
    because: { rule: 'program', by: undefined, detail: `a link on the way to ${path}` },
  })),
];

function noteInterpreter(loading: Loading, { path, links }: Found, name: string, by: ImagePath): void {
  const because = { rule: 'loader', by, detail: `PT_INTERP ${name}` };
  loading.addFile({ path, because });
  loading.noteWay(name, because);
  for (const link of links)
    loading.addFile({ path: link, because: { rule: 'loader', by, detail: `a link on the way to ${path}` } });
}

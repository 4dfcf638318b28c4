import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import { baseName, type ImagePath, imagePath, parentPath } from '../../../../kit/index.ts';
import { readFile, resolve } from '../../../../rootfs/index.ts';
import type { Scene } from '../../rule.ts';
import type { Reaches } from './reached-modules.ts';
import { type Script, scriptOf } from './script-text.ts';

/** Extension modules behind modules of the standard library that cannot do without them. */
const behind: Readonly<Record<string, readonly string[]>> = {
  ssl: ['_ssl'],
  ctypes: ['_ctypes'],
  sqlite3: ['_sqlite3'],
  lzma: ['_lzma'],
  bz2: ['_bz2'],
  zlib: ['zlib'],
  gzip: ['zlib'],
  curses: ['_curses'],
  readline: ['readline'],
  tkinter: ['_tkinter'],
  crypt: ['_crypt'],
};

const mostLocal = 50;
const mostBytes = 64 * 1024;

/** The modules that a script and the scripts beside it import where they begin, with all that is in their packages. */
export async function modulesOfPython(scene: Scene, program: ProgramFacts): Promise<Reaches> {
  const script = await scriptOf(scene, program);
  const names = new Set([...(script === undefined ? [] : await importsOf(scene, script)), ...moduleArgument(scene)]);
  if (names.size === 0) return () => false;
  const version = versionOf(program);
  const folders = pythonPathOf(scene);
  const standard = new Set([...names].flatMap((name) => [name, ...(behind[name] ?? [])]));
  return (path) => {
    if (!path.includes('.so') || /\/lib[^/]*$|\/plugins\//.test(path) || !fits(path, version)) return false;
    const inDynload = /\/lib-dynload\/([^./]+)[^/]*$/.exec(path)?.[1];
    if (inDynload !== undefined) return standard.has(inDynload) && isOfVersion(path, version);
    const top = topOf(path, version, folders);
    return top !== undefined && names.has(top) && !path.includes('.libs/');
  };
}

/** `3.11`, by the name of the program or of its library. */
export function versionOf({ path, elf }: ProgramFacts): string | undefined {
  const library = elf.dynamic?.needed.find((name) => name.startsWith('libpython'));
  return /python(\d+\.\d+)/.exec(baseName(path))?.[1] ?? /libpython(\d+\.\d+)/.exec(library ?? '')?.[1];
}

/** Whether an interpreter of that version takes a file of that name for a module. */
export function fits(path: string, version: string | undefined): boolean {
  const tag = /\.cpython-(\d)(\d+)[a-z]*-/.exec(path);
  return tag === null || version === undefined || `${tag[1]}.${tag[2]}` === version;
}

/** Directories of PYTHONPATH. */
export const pythonPathOf = ({ env }: Scene): readonly string[] =>
  (env.get('PYTHONPATH') ?? '')
    .split(':')
    .filter((path) => /^\/./.test(path))
    .map((path) => imagePath(path));

/** The package of a file that an interpreter of that version finds: in its own directories, or in those named. */
export function topOf(path: string, version: string | undefined, folders: readonly string[]): string | undefined {
  const folder = folders.find((each) => path.startsWith(`${each}/`));
  if (folder !== undefined) return /^[^/.]+/.exec(path.slice(folder.length + 1))?.[0];
  const [, own, top] = /(?:\/python(\d[\d.]*))?\/(?:site|dist)-packages\/([^/.]+)/.exec(path) ?? [];
  const isOwn = own === undefined || version === undefined || own === version || own === version.split('.')[0];
  return isOwn ? top : undefined;
}

const isOfVersion = (path: string, version: string | undefined): boolean =>
  version === undefined || path.includes(`/python${version}/`);

/** `python -m flask run`. */
function moduleArgument({ verdict: { chain } }: Scene): string[] {
  const argv = chain.findLast(({ kind }) => kind === 'elf')?.argv ?? [];
  const at = argv.indexOf('-m', 1);
  const name = at === -1 ? undefined : argv[at + 1]?.split('.')[0];
  return name === undefined ? [] : [name];
}

/** Names of modules, by their first part. */
export async function importsOf({ tree }: Pick<Scene, 'tree'>, script: Script): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const seen = new Set<ImagePath>([script.path]);
  const waiting = [script];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const name of namesIn(next.text)) {
      const local = await resolve(tree, `${parentPath(script.path)}/${name}.py`);
      if (!local.found || local.node.kind !== 'file') names.add(name);
      else if (!seen.has(local.path) && seen.size < mostLocal && local.node.sizeBytes <= mostBytes) {
        seen.add(local.path);
        const bytes = await readFile(tree, local.path, mostBytes);
        waiting.push({ path: local.path, text: bytes?.toString('utf8') ?? '' });
      }
    }
  }
  return names;
}

/** As `import a, b.c` or `from d import e`. */
const statement = /^(?:import[ \t]+([\w., \t]+)|from[ \t]+(\w[\w.]*)[ \t]+import\b)/gm;

/** Imports that stand at the beginning of a line: what is indented may be an attempt, or comes later. */
function namesIn(text: string): string[] {
  const names: string[] = [];
  for (const [, imported, from] of text.replace(/;[ \t]*/g, '\n').matchAll(statement)) {
    for (const word of (from ?? imported ?? '').split(',')) {
      const name = /^\s*(\w+)/.exec(word)?.[1];
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}

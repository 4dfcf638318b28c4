import { baseName, childPath, type ImagePath } from '../../../kit/index.ts';
import type { NeedLevel } from '../../types.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Subject } from '../subject.ts';

const callers = [
  'dlopen',
  'dlmopen',
  'g_module_open',
  'g_module_open_full',
  'lt_dlopen',
  'lt_dlopenext',
  'uv_dlopen',
  'apr_dso_load',
];
const priorities = { required: 'needed', recommended: 'likely', suggested: 'possible' } as const;
const folderEntries = 2000;

/** Libraries that are opened at run time: by dlopen notes, by sonames and plug-in directories in the strings. */
export const openedLibraries: Rule = {
  name: 'dlopen',
  async wishesOf(subject, scene) {
    const elf = await subject.elf();
    if (elf === undefined || isLibc(subject)) return [];
    const wishes: Wish[] = [];
    for (const { sonames, feature, priority } of elf.notes.dlopen) {
      const path = await firstOf(sonames, scene);
      const detail = `its dlopen note names it${feature === undefined ? '' : ` for ${feature}`}`;
      if (path !== undefined) wishes.push({ path, level: priorities[priority], detail, role: 'module' });
    }
    const caller = await subject.importsAny(callers);
    if (caller === undefined) return wishes;
    return [...wishes, ...(await namedLibraries(subject, scene)), ...(await pluginFolders(subject, scene))];
  },
};

const isLibc = ({ path }: Subject): boolean => /\/(libc|libdl|ld-[\w-]+)[.-]so|\/ld-/.test(path);

async function firstOf(sonames: readonly string[], scene: Scene) {
  for (const soname of sonames) {
    const path = await scene.findLibrary(soname);
    if (path !== undefined) return path;
  }
  return undefined;
}

async function namedLibraries(subject: Subject, scene: Scene): Promise<Wish[]> {
  const wishes: Wish[] = [];
  const own = baseName(subject.path);
  for (const text of await subject.libraryNames()) {
    if (!/^lib[\w+.-]+\.so(\.[\d.]+)?$/.test(text) || text.length > 80 || own.startsWith(text)) continue;
    const path = await scene.findLibrary(text);
    const found = path === undefined ? undefined : await scene.find(path);
    if (path === undefined || found === undefined || scene.chosen.has(found.path)) continue;
    const level = subject.isProgram || (await isRelated(subject, found.path, scene)) ? 'likely' : 'possible';
    wishes.push({ path, level, detail: `named in it, and it opens libraries`, role: 'module' });
  }
  return wishes;
}

/** Directories named in it that hold modules. */
async function pluginFolders(subject: Subject, scene: Scene): Promise<Wish[]> {
  const wishes: Wish[] = [];
  for (const text of await subject.absolutePaths()) {
    if (!/^\/(usr\/(local\/)?lib\w*|lib\w*|opt)\//.test(text)) continue;
    const folder = await scene.findDirectory(text);
    if (folder === undefined || isGeneric(folder.path, scene)) continue;
    const names = (await scene.tree.list(folder.path)).filter((name) => /\.(so|la)(\.\d+)*$/.test(name));
    if (names.length > folderEntries) continue;
    for (const name of names) {
      const path = childPath(folder.path, name);
      const level: NeedLevel = (await isRelated(subject, path, scene)) ? 'likely' : 'possible';
      wishes.push({
        path,
        level,
        detail: `a module in ${text}, which is named in it`,
        role: name.endsWith('.la') ? 'file' : 'module',
      });
    }
  }
  return wishes;
}

const isGeneric = (path: string, scene: Scene): boolean =>
  /^(\/usr)?(\/local)?\/lib(32|64)?$|^\/usr\/lib\/[\w-]+-linux-[\w-]+$/.test(path) ||
  scene.libraryFolders().some((folder) => folder === path);

/** Whether a module's package is close enough; a library is used by many, so that what it only suggests is not meant. */
async function isRelated(subject: Subject, path: ImagePath, scene: Scene): Promise<boolean> {
  const relation = await (await scene.relatedTo(subject.path))?.relationTo(path);
  return relation !== undefined && (subject.isProgram || !/^(kin|suggests)$/.test(relation));
}

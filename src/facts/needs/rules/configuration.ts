import { trimEndOf } from '../../../kit/index.ts';
import { isCommandPath } from '../related.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';

const mostBytes = 256 * 1024;
/** Content of a service that its packaged configuration points to: `/var/www/html`. */
const contentEntries = 200;
const elsewhere =
  /^\/(proc|dev|sys|tmp)(\/|$)|^\/etc\/(passwd|group|shadow|ssl|pki)(\/|$)|^\/usr\/share\/(doc|man|info|locale)(\/|$)/;

/** Files and directories that the configuration of its package names. */
export const configuration: Rule = {
  name: 'configuration',
  async wishesOf(subject, scene) {
    if (subject.role !== 'configuration' || subject.node.sizeBytes > mostBytes) return [];
    const wishes: Wish[] = [];
    for (const path of pathsIn(await subject.text())) wishes.push(...(await wishesFor(path, scene)));
    if (subject.path.endsWith('/pkgIndex.tcl'))
      wishes.push(...(await loadedByTcl(await subject.libraryNames(), scene)));
    return wishes;
  },
};

/** `load [file join /usr lib libexpect.so.5]`: the library's name is the only part that stands as it is. */
async function loadedByTcl(names: readonly string[], scene: Scene): Promise<Wish[]> {
  const paths = await Promise.all(names.map((name) => scene.findLibrary(name)));
  return paths
    .filter((path) => path !== undefined)
    .map((path) => ({ path, level: 'likely', detail: 'named in this index of packages', role: 'module' }));
}

/** Absolute paths outside of comments. */
function pathsIn(text: string): Set<string> {
  const lines = text.split('\n').filter((line) => !/^\s*(#|;|\/\/|\*|--)/.test(line));
  return new Set([...lines.join('\n').matchAll(/(?<![\w.:/])\/[\w./+@-]+/g)].map(([path]) => trimEndOf(path, './')));
}

async function wishesFor(path: string, scene: Scene): Promise<Wish[]> {
  if (elsewhere.test(path) || path.split('/').length < 3) return [];
  const wish: Wish = { path, level: 'likely', detail: 'named in this configuration', role: 'file' };
  const found = await scene.find(path);
  if (found === undefined) return folderOf(path, scene);
  if (/\.so(\.\d+)*$/.test(path)) return [{ ...wish, role: 'module' }];
  const isProgram = (found.node.mode & 0o111) !== 0;
  if (found.node.kind === 'file')
    return isCommandPath(found.path) && isProgram ? [] : [isProgram ? { ...wish, role: 'program' } : wish];
  if (found.node.kind !== 'directory') return [];
  const isContent = /^\/(var\/www|srv|usr\/share\/\w+|etc)\/[^/]+/.test(found.path);
  const isSmall = isContent && (await scene.tree.list(found.path)).length <= contentEntries;
  return [isSmall ? { ...wish, what: 'tree' } : wish];
}

/** A log or a socket that it will make. */
async function folderOf(path: string, scene: Scene): Promise<Wish[]> {
  const parent = path.slice(0, path.lastIndexOf('/'));
  const isState = /^\/(var|run|srv)\/./.test(parent) && (await scene.findDirectory(parent)) !== undefined;
  return isState ? [{ path: parent, level: 'likely', detail: `where this configuration puts ${path}` }] : [];
}

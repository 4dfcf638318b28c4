import { childPath } from '../../../kit/index.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Subject } from '../subject.ts';

const callers = ['iconv_open', 'fgetws', 'fgetwc', 'getwc', 'fputwc', 'fwprintf'];
/** Those that programs ask for without being told to: byte order marks, Windows and old western texts. */
const common = ['UTF-16.so', 'UTF-32.so', 'UTF-7.so', 'ISO8859-1.so', 'ISO8859-15.so', 'CP1252.so', 'ANSI_X3.110.so'];
const tables = ['gconv-modules', 'gconv-modules.cache', 'gconv-modules.d'];

/** glibc converts between character sets by modules: only UTF-8, UCS-4 and ASCII are inside. */
export const gconv: Rule = {
  name: 'gconv',
  async wishesOf(subject, scene) {
    if (subject.process?.flavour === 'musl' || subject.path.endsWith('/libc.so.6')) return [];
    const caller = await subject.importsAny(callers);
    if (caller === undefined) return [];
    const folder = await findFolder(scene);
    if (folder === undefined) return [];
    const names = (await scene.namesIn(folder)).filter((name) => name.endsWith('.so'));
    const meant = await charsetsOf(subject, names);
    const wishes: Wish[] = tables.map((name) => ({
      path: childPath(folder, name),
      level: 'likely',
      detail: `${caller} looks character sets up in it`,
      what: 'tree',
    }));
    for (const name of names) {
      const level = meant.has(name) ? 'likely' : 'possible';
      wishes.push({
        path: childPath(folder, name),
        level,
        detail: `${caller} may be asked for ${name.slice(0, -3)}`,
        role: 'module',
      });
    }
    return wishes;
  },
};

async function findFolder(scene: Scene) {
  for (const folder of scene.libraryFolders()) {
    const path = childPath(folder, 'gconv');
    if ((await scene.findDirectory(path)) !== undefined) return path;
  }
  return undefined;
}

/** The common ones, and those that a program which converts itself names. */
async function charsetsOf(subject: Subject, names: readonly string[]): Promise<Set<string>> {
  const meant = new Set(common);
  if (!subject.isProgram || subject.depth > 0) return meant;
  const strings = await subject.strings();
  if ([...strings].some((text) => /^-*(from|to)-(code|charset|encoding)$/.test(text))) return new Set(names);
  const squeezed = new Set([...strings].filter((text) => text.length < 20).map(squeeze));
  for (const name of names) if (squeezed.has(squeeze(name.slice(0, -3)))) meant.add(name);
  return meant;
}

const squeeze = (charset: string): string =>
  charset
    .toUpperCase()
    .replace(/^ISO-?8859/, 'ISO8859')
    .replace(/[-_]/g, '');

import { childPath, imagePath } from '../../../kit/index.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';

const callers = ['setlocale', 'newlocale'];
const folder = imagePath('/usr/lib/locale');

/** What setlocale(3) finds for the environment; C.UTF-8 is a file too (until glibc 2.35 everywhere, later at some). */
export const locales: Rule = {
  name: 'locale',
  async wishesOf(subject, scene) {
    if (subject.process?.flavour === 'musl' || subject.role === 'library') return [];
    const caller = await subject.importsAny(callers);
    if (caller === undefined) return [];
    const wishes: Wish[] = [];
    for (const name of asked(scene.env)) wishes.push(...(await wishesFor(name, caller, scene)));
    return wishes;
  },
};

/** The names of locales in an environment, C.UTF-8 always among them. */
function asked(env: Readonly<Record<string, string>>): Set<string> {
  const names = Object.entries(env).filter(([name]) => /^(LANG|LANGUAGE|LC_\w+)$/.test(name));
  const values = names.flatMap(([, value]) => value.split(':'));
  return new Set([
    'C.UTF-8',
    ...values.filter((value) => /^[\w.@-]+$/.test(value) && value !== 'C' && value !== 'POSIX'),
  ]);
}

async function wishesFor(name: string, caller: string, scene: Scene): Promise<Wish[]> {
  const detail = `${caller} reads it for ${name}`;
  const spellings = [name, name.replace(/\.UTF-?8/i, '.utf8'), name.replace(/\.UTF-?8/i, '.UTF-8')];
  for (const spelling of new Set(spellings)) {
    const path = childPath(folder, spelling);
    if ((await scene.findDirectory(path)) !== undefined)
      return [{ path, level: 'likely', detail, what: 'tree' }, ...(await translations(name, scene))];
  }
  if (name === 'C.UTF-8') return [];
  return [{ path: childPath(folder, 'locale-archive'), level: 'likely', detail }, ...(await translations(name, scene))];
}

/** The messages of a language that was set: libc's own names of them. */
async function translations(name: string, scene: Scene): Promise<Wish[]> {
  if (name.startsWith('C.')) return [];
  const path = imagePath('/usr/share/locale/locale.alias');
  return (await scene.findFile(path)) === undefined
    ? []
    : [{ path, level: 'likely', detail: `setlocale reads it for ${name}` }];
}

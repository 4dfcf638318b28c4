import { type Closure, closureOf, closureOfLibrary, type LibraryClosure } from '../../loader/index.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Subject } from '../subject.ts';

/** The loader that a program names and the libraries that it maps; for a module, what dlopen maps for it. */
export const libraries: Rule = {
  name: 'library',
  async wishesOf(subject, scene) {
    if ((await subject.elf()) === undefined || subject.role === 'library') return [];
    if (subject.role === 'module' && subject.process?.loading !== undefined) {
      return wishesOf(await closureOfLibrary(subject.process, subject.path), subject);
    }
    const closure = await closureOf(scene.tree, subject.path, { env: environmentOf(scene) });
    if (subject.isProgram) subject.process = closure;
    for (const { path } of closure.objects) scene.loaded(path);
    for (const note of closure.notes) scene.notes.add(note);
    return wishesOf(closure, subject);
  },
};

function wishesOf(closure: Closure | LibraryClosure, subject: Subject): Wish[] {
  const objects = new Set([...closure.objects, ...closure.variants].map(({ path }) => path));
  const others = closure.files.filter(({ path }) => path !== subject.path);
  const wishes: Wish[] = others.map(({ path, because }) => ({
    path,
    level: 'needed',
    detail: because.detail,
    by: because.by ?? subject.path,
    role: objects.has(path) ? 'library' : 'file',
  }));
  for (const { name, wantedBy, detail } of closure.missing) {
    wishes.push({ path: name, level: 'needed', detail, by: wantedBy, absent: true });
  }
  return wishes;
}

const environmentOf = ({ env }: Scene): string[] => Object.entries(env).map(([name, value]) => `${name}=${value}`);

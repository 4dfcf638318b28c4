import type { Closure, LoadedObject, MissingLibrary } from '../../facts/loader/index.ts';

type Listed = LoadedObject | MissingLibrary;

/**
 * The objects of a closure without the program, and what was not found in the place where it would be: as a loader
 * goes through the needs of one object after another. A name that two of them miss comes twice, as with ldd.
 */
export function inLoadOrder({ objects, missing, scope }: Closure): Listed[] {
  const listed: Listed[] = objects.slice(1).filter(({ how }) => how !== 'interpreter');
  const turnOf = turnsIn(objects);
  for (const one of missing) listed.splice(placeOf(turnOf(one), listed.map(turnOf)), 0, one);
  const at = objects.findIndex(({ how }) => how === 'interpreter');
  const [loader, before] = [objects[at], objects[at - 1]];
  if (loader === undefined) return listed;
  // ld.so puts itself behind what it counts as loaded before it, whatever was not found in between. ldd leaves out a
  // loader that no library needs; the program cannot do without it all the same.
  const isWanted = scope.includes(loader) && before !== undefined;
  listed.splice(isWanted ? listed.indexOf(before) + 1 : listed.length, 0, loader);
  return listed;
}

interface Turn {
  /** Where in the order the object stands that asks; -1 for what is loaded before all. */
  readonly asker: number;
  /** Which of its needs it is. */
  readonly need: number;
}

/** Behind everything that was wanted before it: by objects that were loaded earlier, or earlier by the same one. */
function placeOf(own: Turn, listed: readonly Turn[]): number {
  const last = listed.findLastIndex(
    ({ asker, need }) => asker < own.asker || (asker === own.asker && need <= own.need),
  );
  return last + 1;
}

function turnsIn(objects: readonly LoadedObject[]): (one: Listed) => Turn {
  const askers = new Map(objects.map(({ path }, index) => [path, index]));
  const needs = objects.map(({ elf }) => elf.dynamic?.needed ?? []);
  return (one) => {
    const asker = one.wantedBy === undefined ? undefined : askers.get(one.wantedBy);
    if (asker === undefined) return { asker: -1, need: 0 };
    const name = 'requested' in one ? one.requested : one.name;
    return { asker, need: needs[asker]?.indexOf(name) ?? 0 };
  };
}

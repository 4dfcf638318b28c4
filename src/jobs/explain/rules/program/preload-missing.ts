import type { Found, Rule, Scene } from '../../rule.ts';

export const preloadMissing: Rule = {
  code: 'preload-missing',
  severity: 'degrades',
  title: 'A library that is to be loaded before all others is not in the image.',
  sees: [
    "ld.so: ERROR: ld.so: object 'libjemalloc.so.2' from LD_PRELOAD cannot be preloaded (cannot open shared object file): ignored.",
  ],
  why: 'LD_PRELOAD or /etc/ld.so.preload names a library that the loader does not find. glibc prints the line for every program that is started and goes on without it; musl says nothing.',
  fix: 'Bring the library, or take its name out of LD_PRELOAD.',
  dockerfile: 'ENV LD_PRELOAD=',
  judge: ({ program, env }) =>
    program === undefined ? [] : program.closure.notes.flatMap((note) => foundOf(note, env)),
};

/** The loader's note begins with the name. */
function foundOf(note: string, env: Scene['env']): Found[] {
  const name = /^(\S+) is to be loaded before all others/.exec(note)?.[1];
  if (name === undefined) return [];
  const isVariable = (env.get('LD_PRELOAD') ?? '').split(/[ :]+/).includes(name);
  const source = isVariable ? 'LD_PRELOAD' : '/etc/ld.so.preload';
  return [{ says: `${source} names ${name}, which the loader does not find`, missing: [name], about: { source } }];
}

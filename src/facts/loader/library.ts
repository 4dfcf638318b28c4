import type { ImagePath } from '../../kit/index.ts';
import type { Closure, LibraryClosure, MissingLibrary } from './answer.ts';
import type { Mapped } from './link-map.ts';
import type { Loading } from './loading.ts';
import { versionProblemsOf } from './versions.ts';

const nothing: LibraryClosure = {
  library: undefined,
  objects: [],
  variants: [],
  files: [],
  missing: [],
  versionProblems: [],
};

export type LibraryAnswer =
  | { readonly found: true; readonly path: ImagePath; readonly name: string }
  | { readonly found: false; readonly missing: MissingLibrary | undefined };

/**
 * What dlopen(`name`) adds to the program of `closure`: the library and what it needs that is not loaded.
 * `by` is the object that calls (its DT_RUNPATH counts with glibc). Default: the program.
 * A static program loads nothing.
 */
export async function closureOfLibrary(closure: Closure, name: string, by?: ImagePath): Promise<LibraryClosure> {
  if (closure.loading === undefined) return nothing;
  const loading = closure.loading.continued();
  const before = loading.map.listed.length;
  const requester = requesterOf(loading, by);
  const expanded = loading.search.expandName(name, requester);
  const wish = { name: expanded ?? '', isOptional: false, isRoot: closure.flavour !== 'musl' };
  const library = expanded === undefined ? undefined : await loading.load(wish, requester);
  if (library === undefined) return { ...nothing, missing: loading.missing };
  if (loading.map.listed.indexOf(library) >= before) await loading.loadNeeds([library]);
  const added = loading.map.listed.slice(before);
  return {
    library: library.object,
    objects: added.map(({ object }) => object),
    variants: loading.variants,
    files: await loading.collectFiles(),
    missing: loading.missing,
    versionProblems: closure.flavour === 'musl' ? [] : versionProblemsOf(added, loading.map),
  };
}

/** Where dlopen(`name`) would find a library, loading nothing. */
export async function findLibrary(closure: Closure, name: string, by?: ImagePath): Promise<LibraryAnswer> {
  if (closure.loading === undefined) return { found: false, missing: undefined };
  const loading = closure.loading.continued();
  const requester = requesterOf(loading, by);
  const outcome = await loading.attempt(loading.search.expandName(name, requester) ?? name, requester);
  if ('known' in outcome) return { found: true, path: outcome.known.object.path, name: outcome.known.object.name };
  if (outcome.hit !== undefined) return { found: true, path: outcome.hit.path, name: outcome.hit.name };
  return { found: false, missing: { name, wantedBy: requester.object.path, ...outcome.missing } };
}

/** musl always asks for the program. */
function requesterOf(loading: Loading, by: ImagePath | undefined): Mapped {
  const program = loading.setting.program();
  if (by === undefined || loading.setting.profile.flavour === 'musl') return program;
  return loading.map.withPath(by) ?? program;
}

import type { VersionProblem } from './answer.ts';
import type { LinkMap, Mapped } from './link-map.ts';

/**
 * Symbol versions that `objects` require and the libraries loaded under those names do not define, as glibc checks
 * them before anything runs (elf/dl-version.c). musl checks none.
 */
export function versionProblemsOf(objects: readonly Mapped[], map: LinkMap): VersionProblem[] {
  return objects.flatMap((mapped) =>
    (mapped.object.elf.dynamic?.versionsNeeded ?? []).flatMap(({ file, versions }) => {
      const provider = map.find(({ names, object }) => names.has(file) || object.elf.dynamic?.soname === file);
      return provider === undefined || !map.has(provider) ? [] : problemsWith(provider, mapped, versions);
    }),
  );
}

function problemsWith(
  provider: Mapped,
  requester: Mapped,
  versions: readonly { readonly name: string; readonly weak: boolean }[],
): VersionProblem[] {
  const defined = provider.object.elf.dynamic?.versionsDefined;
  return versions
    .filter(({ name }) => defined === undefined || !defined.includes(name))
    .map(({ name, weak }) => ({
      version: name,
      library: provider.object.path,
      wantedBy: requester.object.path,
      kind: defined === undefined ? 'no-table' : weak ? 'weak' : 'missing',
    }));
}

import type { Closure, LoadedObject } from '../../facts/loader/index.ts';
import type { LddVersion } from './types.ts';

/** Every symbol version that an object of the process requires; musl looks at none of them. */
export function versionsOf({ objects, flavour }: Closure): LddVersion[] {
  if (flavour === 'musl') return [];
  return objects.flatMap(({ path: wantedBy, elf }) =>
    (elf.dynamic?.versionsNeeded ?? []).flatMap(({ file, versions }) => {
      const provider = objects.find((other) => answersTo(other, file));
      const defined = provider?.elf.dynamic?.versionsDefined;
      return versions.map(({ name: version, weak }) => ({
        ...{ wantedBy, name: file, version, path: provider?.name ?? null },
        isFound: defined?.includes(version) ?? (provider !== undefined && defined === undefined),
        isWeak: weak,
      }));
    }),
  );
}

const answersTo = ({ requested, elf }: LoadedObject, name: string): boolean =>
  requested === name || elf.dynamic?.soname === name;

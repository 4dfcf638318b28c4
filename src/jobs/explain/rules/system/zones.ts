import type { Work } from './work.ts';

/** What the strings of a program hold of the names of time zones. */
export interface NamedZones {
  /** Whether these are so many that the program brings a table of them. */
  readonly isTable: boolean;
  readonly names: readonly string[];
}

const pattern =
  /(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific)\/[A-Z][A-Za-z]+(?:[_/-][A-Z][A-Za-z]+)*/g;
/** No program loads so many one by one. */
const fewest = 40;

/** The zones that a program names. Go's strings have no ends, so that the longest known name counts. */
export async function zonesNamedIn({ program }: Work): Promise<NamedZones> {
  const names = new Set<string>();
  for (const text of await program.strings()) {
    for (const [found] of text.matchAll(pattern)) {
      names.add(known().find((zone) => found.startsWith(zone)) ?? found);
      if (names.size >= fewest) return { isTable: true, names: [] };
    }
  }
  return { isTable: false, names: [...names] };
}

let zones: readonly string[] | undefined;

/** Longest first, so that a name is not taken for its beginning. */
function known(): readonly string[] {
  zones ??= [...Intl.supportedValuesOf('timeZone')].sort((a, b) => b.length - a.length);
  return zones;
}

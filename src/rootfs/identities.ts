import type { Entry } from './memory.ts';

/** Takes the identity from nodes whose other names are gone. */
export function unlinkLonely(root: Entry): void {
  const names = new Map<string, number>();
  forEachLinked(root, (_, identity) => names.set(identity, (names.get(identity) ?? 0) + 1));
  forEachLinked(root, (entry, identity) => {
    if (names.get(identity) === 1) entry.node = { ...entry.node, identity: undefined };
  });
}

function forEachLinked(entry: Entry, visit: (entry: Entry, identity: string) => void): void {
  if (entry.node.identity !== undefined) visit(entry, entry.node.identity);
  for (const child of entry.children?.values() ?? []) forEachLinked(child, visit);
}

import type { Fields } from '../../kit/index.ts';

/**
 * The key of `fields` that stands for `name`: docker reads its documents without regard to case,
 * and the last of several wins. `name` itself when there is none.
 */
export function keyOf(fields: Fields, name: string): string {
  const lower = name.toLowerCase();
  return Object.keys(fields).findLast((key) => key.toLowerCase() === lower) ?? name;
}

export const findField = (fields: Fields, name: string): unknown => fields[keyOf(fields, name)];

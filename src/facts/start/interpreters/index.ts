import type { Follow } from '../programs.ts';

/** What an interpreter of this name does with its arguments; undefined for a name that is none's. */
export function interpreterOf(name: string): Follow | undefined {
  return name === '' ? undefined : undefined;
}

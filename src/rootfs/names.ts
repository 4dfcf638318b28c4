import { compareNames } from '../kit/index.ts';

/** Sorts `names` in place by their bytes. UTF-16 order is the same but for surrogates and what stands above them. */
export function sortNames(names: string[]): readonly string[] {
  return names.some((name) => /[\ud800-\uffff]/.test(name)) ? names.sort(compareNames) : names.sort();
}

import { readFileSync } from 'node:fs';
import { baseOf } from './bases.ts';
import type { Content } from './case.ts';
import { placeInside } from './root.ts';

/** A file of another base. */
export const fromBase =
  (base: string, path: string): Content =>
  async () =>
    readFileSync(placeInside((await baseOf(base)).dir, path));

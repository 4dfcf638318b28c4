/**
 * facts/needs: what a program reads, loads and starts beyond what its loader maps, each file with a level and a reason.
 * A new reason for files is a rule of its own in rules/.
 */
export { needsOf } from './needs.ts';
export type { MissingNeed, NeededFile, Needs, NeedsOptions } from './types.ts';

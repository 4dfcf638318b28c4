/**
 * jobs/ldd: which libraries a program would be loaded with, and why from there.
 */
export { ldd } from './ldd.ts';
export type { LddElf, LddLibrary, LddOptions, LddScript, LddSummary, LddVersion } from './types.ts';

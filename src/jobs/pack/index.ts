/**
 * jobs/pack: one program and exactly the files that it needs, as an image.
 * It executes nothing, unless it is asked to verify.
 */
export { pack } from './pack.ts';
export type { ProcessPatch } from './process.ts';
export type { Outcome, PackedFile, PackOptions, PackResult, PackSummary, RunVerdict, StaticVerdict } from './types.ts';

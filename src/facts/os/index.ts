/**
 * facts/os: whether a tree holds an operating system, which one, and by what signs; and whether a program needs it.
 */
export { needsOsOf, type StartedImage } from './needs-os.ts';
export { type OsOptions, osOf } from './os.ts';
export type { NeedsOs, OsFacts } from './types.ts';

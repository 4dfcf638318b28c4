/**
 * facts/os: whether a tree holds an operating system, which one, and by what signs.
 */
export type { OsFacts } from './types.ts';

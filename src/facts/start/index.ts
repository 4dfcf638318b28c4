/**
 * facts/start: what engine, kernel and loader would do with an image's command, found out without running it.
 * What a program misses later, and what to do about it, is judged elsewhere.
 */
export { commandOf } from './container.ts';
export { type StartOptions, startOf } from './start.ts';
export type { Cause, ChainLink, ChainRole, LateCause, Problem, StartVerdict } from './verdict.ts';

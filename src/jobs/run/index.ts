/**
 * jobs/run: a container of an image in the foreground.
 */
export { type RunOptions, runImage } from './run.ts';

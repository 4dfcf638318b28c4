/**
 * jobs/run: a container of an image in the foreground.
 */
export { type RunOptions, runDirectory, runImage } from './run.ts';

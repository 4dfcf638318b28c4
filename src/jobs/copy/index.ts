/**
 * jobs/copy: an image from one place to another, or the files of one to a directory and back.
 */
export { type CopyOptions, copy } from './copy.ts';

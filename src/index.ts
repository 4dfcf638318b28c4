/** osless as a library: the jobs, the nouns, and the failures. */
export * from './kit/index.ts';

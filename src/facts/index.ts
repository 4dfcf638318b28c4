/**
 * facts: questions about a file tree, answered as plain data; nothing is executed and nothing judged as good or bad.
 */
export type { Because, Need, NeedLevel } from './types.ts';

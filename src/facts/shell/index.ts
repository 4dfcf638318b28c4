/**
 * facts/shell: what the text of a POSIX or bash script says, without running it.
 * What follows from that for an image is judged by others.
 */
export { expandText, expandWord, type Field, type Fields, type Variables } from './expand.ts';
export { builtins } from './names.ts';
export type { CaseItem, Redirection, ShellNode, ShellWord } from './node.ts';
export { parseShell } from './parse.ts';
export { type ShellUse, scanShell } from './scan.ts';

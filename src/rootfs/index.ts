/**
 * rootfs: what files an image or a directory shows, and how two such views differ.
 * It never runs anything and never talks to a registry.
 */
export { hostTree } from './host.ts';
export { type LiteralNode, literalTree } from './literal.ts';
export { mayExecute, mayRead } from './permission.ts';
export { type ResolveOptions, resolve } from './resolve.ts';
export type { Credentials, FileKind, FileNode, FileTree, Resolution } from './tree.ts';
export { readFile, type TreeEntry, walk } from './walk.ts';

/**
 * rootfs: what files an image or a directory shows, and how two such views differ.
 * It never runs anything and never talks to a registry.
 */

export { layerBetween } from './diff.ts';
export { type ImageTree, type PassingEntry, type TreeOptions, treeOf } from './from-image.ts';
export { hostTree } from './host.ts';
export { type FoundXattrs, hostXattrs, mayHaveCapabilities } from './host-xattrs.ts';
export { type LiteralNode, literalTree } from './literal.ts';
export { type MaterialiseOptions, materialise } from './materialise.ts';
export { overlay } from './overlay.ts';
export { mayExecute, mayRead } from './permission.ts';
export { type ResolveOptions, resolve } from './resolve.ts';
export { type SelectOptions, selectFiles } from './select.ts';
export { type Subject, type SubjectOptions, subjectOf } from './subject.ts';
export type { Credentials, FileKind, FileNode, FileTree, Resolution } from './tree.ts';
export { withNodes, withTimes } from './views.ts';
export { readFile, type TreeEntry, walk } from './walk.ts';
export { withProgram } from './with-program.ts';

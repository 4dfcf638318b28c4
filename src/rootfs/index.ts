/**
 * rootfs: what files an image or a directory shows, and how two such views differ.
 * It never runs anything and never talks to a registry.
 */
export type { Credentials, FileKind, FileNode, FileTree, Resolution } from './tree.ts';

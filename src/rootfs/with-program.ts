import { ancestorsOf, baseName, childPath, type ImagePath, parentPath } from '../kit/index.ts';
import { type LiteralNode, literalTree } from './literal.ts';
import { overlay } from './overlay.ts';
import { resolve } from './resolve.ts';
import type { FileNode, FileTree } from './tree.ts';

/** `tree` with a program at `path`, root's as what COPY brings; links of the tree on the way to it are followed. */
export async function withProgram(tree: FileTree, path: ImagePath, program: FileNode): Promise<FileTree> {
  const landing = childPath(await realDirectory(tree, parentPath(path)), baseName(path));
  const files: Record<string, LiteralNode> = {};
  for (const above of ancestorsOf(landing)) {
    const node = await tree.lookup(above);
    if (node?.kind === 'directory') files[above] = node;
  }
  return overlay(tree, literalTree({ ...files, [landing]: { ...program, uid: 0, gid: 0, identity: undefined } }));
}

/** Where `path` really is as far as it exists; the rest of it is added as it stands. */
async function realDirectory(tree: FileTree, path: ImagePath): Promise<ImagePath> {
  const found = await resolve(tree, path);
  if (found.found) return found.path;
  return path === '/' ? path : childPath(await realDirectory(tree, parentPath(path)), baseName(path));
}

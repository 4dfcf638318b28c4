import { bytesSource, Fault, imagePath, type Source } from '../kit/index.ts';
import { type Entry, findEntry, makeEntry, memoryTree, putNode } from './memory.ts';
import { impliedDirectory, makeNode } from './node.ts';
import type { FileKind, FileNode, FileTree } from './tree.ts';

/** A node with what is special about it; the rest is root's, of 1970, and of the usual mode for its kind. */
export interface LiteralNode extends Partial<Omit<FileNode, 'content'>> {
  readonly content?: string | Uint8Array | Source;
}

const modes: Partial<Record<FileKind, number>> = { directory: 0o755, symlink: 0o777 };

/**
 * A tree written down: `{ '/bin/x': 'text', '/lib': { linkTarget: 'usr/lib' }, '/tmp/': { mode: 0o1777 } }`.
 * Text and bytes are files. A node without `kind` is a symlink if it has a `linkTarget`, a directory if its name
 * ends with a slash, else a file. Directories that are missing are made: 0755, root's.
 * @throws {Fault} UNSUPPORTED for something below what is no directory.
 */
export function literalTree(files: Readonly<Record<string, string | Uint8Array | LiteralNode>>): FileTree {
  const root = makeEntry(impliedDirectory);
  for (const [name, value] of Object.entries(files)) {
    const literal = typeof value === 'string' || value instanceof Uint8Array ? { content: value } : value;
    putLiteral(root, name, literal);
  }
  return memoryTree(root);
}

function putLiteral(root: Entry, name: string, literal: LiteralNode): void {
  const path = imagePath(name);
  const kind =
    literal.kind ?? (literal.linkTarget !== undefined ? 'symlink' : name.endsWith('/') ? 'directory' : 'file');
  for (let slash = path.indexOf('/', 1); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const parent = findEntry(root, imagePath(path.slice(0, slash)));
    if (parent === undefined || parent.node.kind === 'directory') continue;
    throw new Fault(
      'UNSUPPORTED',
      `${path} cannot stand below ${path.slice(0, slash)}, which is a ${parent.node.kind}`,
    );
  }
  const { content, ...fields } = literal;
  const source = sourceOf(content);
  const sizeBytes = literal.sizeBytes ?? source?.sizeBytes ?? 0;
  const node = makeNode({ mode: modes[kind] ?? 0o644, ...fields, kind, sizeBytes, ...(source && { content: source }) });
  putNode(root, path, node);
}

function sourceOf(content: string | Uint8Array | Source | undefined): Source | undefined {
  if (typeof content === 'string') return bytesSource(Buffer.from(content));
  return content instanceof Uint8Array ? bytesSource(content) : content;
}

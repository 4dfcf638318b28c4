import { bytesSource, type Source } from '../kit/index.ts';
import type { FileNode } from './tree.ts';

export const noBytes: Source = bytesSource(new Uint8Array(0));
export const noXattrs: ReadonlyMap<string, Uint8Array> = new Map();

/** Fields that a node does not need to tell. All nodes have all fields of their own, so that `{...node}` is a whole node. */
const plain = {
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeSeconds: 0,
  mtimeNanoseconds: 0,
  sizeBytes: 0,
  linkTarget: '',
  device: undefined,
  xattrs: noXattrs,
  identity: undefined,
  content: noBytes,
} as const;

/** A node with root's ownership and time 0 wherever `fields` says nothing else. */
export const makeNode = (fields: Pick<FileNode, 'kind'> & Partial<FileNode>): FileNode => ({ ...plain, ...fields });

/** What a directory is that nobody described: 0755, root's, of 1970. */
export const impliedDirectory: FileNode = makeNode({ kind: 'directory', mode: 0o755 });

import type { TarHeader } from '../formats/tar/index.ts';
import type { ImagePath } from '../kit/index.ts';
import type { FileNode } from './tree.ts';

/** How `node` stands in an archive under `path`: relative, directories with a slash after them, no names of users. */
export function headerOf(path: ImagePath, node: FileNode): TarHeader {
  if (node.kind === 'socket') throw new TypeError('no archive holds a socket');
  // Field by field: taking some out with a rest pattern made this the slowest part of writing a layer.
  return {
    path: path === '/' ? './' : `${path.slice(1)}${node.kind === 'directory' ? '/' : ''}`,
    type: node.kind,
    mode: node.mode,
    uid: node.uid,
    gid: node.gid,
    userName: '',
    groupName: '',
    mtimeSeconds: node.mtimeSeconds,
    mtimeNanoseconds: node.mtimeNanoseconds,
    sizeBytes: node.sizeBytes,
    linkTarget: node.linkTarget,
    device: node.device,
    xattrs: node.xattrs,
  };
}

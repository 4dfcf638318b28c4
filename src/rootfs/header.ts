import type { TarHeader } from '../formats/tar/index.ts';
import type { ImagePath } from '../kit/index.ts';
import type { FileNode } from './tree.ts';

/** How `node` stands in an archive under `path`: relative, directories with a slash after them, no names of users. */
export function headerOf(path: ImagePath, { identity: _identity, content: _content, ...node }: FileNode): TarHeader {
  const { kind, ...metadata } = node;
  if (kind === 'socket') throw new TypeError('no archive holds a socket');
  const name = path === '/' ? './' : `${path.slice(1)}${kind === 'directory' ? '/' : ''}`;
  return { ...metadata, path: name, type: kind, userName: '', groupName: '' };
}

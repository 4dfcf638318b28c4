import { hasSameBytes } from './same-bytes.ts';
import type { FileNode } from './tree.ts';

/** Whether two nodes are the same to whoever looks at them, hard links aside. */
export const isSameFile = async (a: FileNode, b: FileNode): Promise<boolean> =>
  a === b || (isSameMetadata(a, b) && hasSameTime(a, b) && (await hasSameContent(a, b)));

/** All but content, hard links and time. The mode of a symlink means nothing. */
export function isSameMetadata(a: FileNode, b: FileNode): boolean {
  return (
    a.kind === b.kind &&
    (a.mode === b.mode || a.kind === 'symlink') &&
    a.uid === b.uid &&
    a.gid === b.gid &&
    a.sizeBytes === b.sizeBytes &&
    a.linkTarget === b.linkTarget &&
    a.device?.major === b.device?.major &&
    a.device?.minor === b.device?.minor &&
    hasSameXattrs(a.xattrs, b.xattrs)
  );
}

const hasSameTime = (a: FileNode, b: FileNode): boolean =>
  a.mtimeSeconds === b.mtimeSeconds && a.mtimeNanoseconds === b.mtimeNanoseconds;

const hasSameContent = async (a: FileNode, b: FileNode): Promise<boolean> =>
  a.kind !== 'file' || a.sizeBytes === 0 || a.content === b.content || hasSameBytes(a.content, b.content);

function hasSameXattrs(a: FileNode['xattrs'], b: FileNode['xattrs']): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [name, value] of a) {
    const other = b.get(name);
    if (other === undefined || Buffer.compare(value, other) !== 0) return false;
  }
  return true;
}

import { childPath, Fault, type ImagePath, parentPath, rootPath } from '../kit/index.ts';
import type { FileTree } from '../rootfs/index.ts';

const mostLinks = 255;

/**
 * Where a mount on `path` goes inside `tree`: no component of the answer is a symlink, though some may be missing,
 * so that a link of the image cannot lead a mount out of its root. A dangling link's target is where it goes, as in runc.
 * @throws {Fault} RUNTIME_FAILED when links go in circles.
 */
export async function mountTarget(tree: FileTree, path: string): Promise<ImagePath> {
  const waiting = componentsOf(path).reverse();
  let real = rootPath;
  let links = 0;
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === '..') {
      real = parentPath(real);
      continue;
    }
    const next = childPath(real, name);
    const node = await tree.lookup(next);
    if (node?.kind !== 'symlink') {
      real = next;
      continue;
    }
    if (++links > mostLinks)
      throw new Fault('RUNTIME_FAILED', `${path} cannot be mounted on: too many levels of symbolic links`);
    if (node.linkTarget.startsWith('/')) real = rootPath;
    waiting.push(...componentsOf(node.linkTarget).reverse());
  }
  return real;
}

const componentsOf = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

import { Fault, type ImagePath, imagePath, readAll } from '../kit/index.ts';
import { type FileTree, resolve } from '../rootfs/index.ts';

/**
 * The content of a file that is small by nature (a database of names, a config), links followed.
 * undefined when there is no such file or it is larger than `limitBytes`.
 */
export async function readSmall(tree: FileTree, path: string, limitBytes: number): Promise<Buffer | undefined> {
  const found = await resolve(tree, imagePath(path));
  if (!found.found || found.node.kind !== 'file' || found.node.sizeBytes > limitBytes) return undefined;
  return readWithin(found.path, found.node.content, limitBytes);
}

async function readWithin(path: ImagePath, source: Parameters<typeof readAll>[0], limitBytes: number) {
  try {
    return await readAll(source, limitBytes);
  } catch (error) {
    throw new Fault('SYSTEM', `${path} cannot be read`, { cause: error });
  }
}

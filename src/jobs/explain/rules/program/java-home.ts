import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import { type ImagePath, parentPath } from '../../../../kit/index.ts';
import { readFile, resolve } from '../../../../rootfs/index.ts';
import type { Scene } from '../../rule.ts';

const mostBytes = 64 * 1024;

/** A Java runtime, by its file `release`. */
export interface JavaHome {
  readonly path: ImagePath;
  /** `21`; 8 for 1.8. */
  readonly release: number;
  /** Undefined where the file names none, as before Java 9. */
  readonly modules: ReadonlySet<string> | undefined;
}

/** The runtime that the program `java` belongs to. */
export async function javaHomeOf({ tree }: Scene, { path }: ProgramFacts): Promise<JavaHome | undefined> {
  const home = parentPath(parentPath(path));
  const found = await resolve(tree, `${home}/release`);
  if (!found.found || found.node.kind !== 'file' || found.node.sizeBytes > mostBytes) return undefined;
  const text = (await readFile(tree, found.path, mostBytes))?.toString('utf8') ?? '';
  const version = /^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(text)?.[1];
  const modules = /^MODULES="([^"]*)"/m.exec(text)?.[1];
  if (version === undefined) return undefined;
  return {
    path: home,
    release: Number(version),
    modules: modules === undefined ? undefined : new Set(modules.split(' ')),
  };
}

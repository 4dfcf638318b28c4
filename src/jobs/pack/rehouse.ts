import type { Needs } from '../../facts/needs/index.ts';
import { baseName, childPath, type ImagePath, parentPath, rootPath } from '../../kit/index.ts';
import { type FileTree, literalTree, overlay, resolve } from '../../rootfs/index.ts';
import type { Ground } from './place.ts';

/** Where people keep their own files, and what is gone tomorrow: paths that say more of a person than of a program. */
const personal = /^\/(home|root|tmp|var\/tmp|media|mnt|run|workspace|Users)\//;

export interface Housed {
  readonly path: ImagePath;
  readonly tree: FileTree;
  readonly needs: Needs;
}

export interface Program {
  readonly ground: Ground;
  readonly program: ImagePath;
  /** What the program needs when it stands at `path` in `tree`. */
  find(tree: FileTree, path: ImagePath): Promise<Needs>;
}

/**
 * A program in somebody's own directory goes to `/NAME`, so that the image does not tell of that directory and is
 * the same wherever the program was built. One that needs files beside it, or is reached through links, stays.
 */
export async function rehoused({ ground, program, find }: Program): Promise<Housed> {
  const { tree } = ground;
  const stay = async () => ({ path: program, tree, needs: await find(tree, program) });
  if (ground.directory === undefined || !personal.test(program)) return stay();
  const path = childPath(rootPath, baseName(program));
  const [found, taken] = [await resolve(tree, program), await tree.lookup(path)];
  if (!found.found || found.path !== program || taken !== undefined) return stay();
  const moved = overlay(tree, literalTree({ [path]: { ...found.node, identity: undefined } }));
  const there = await find(moved, path);
  const here = await stay();
  return hasSameNeeds(here, { path, needs: there }) ? { path, tree: moved, needs: there } : here;
}

/** Whether nothing but the program's own path is otherwise. */
function hasSameNeeds(here: Housed, there: { readonly path: ImagePath; readonly needs: Needs }): boolean {
  const own = new Set<string>([here.path, there.path]);
  const folder = parentPath(here.path);
  const others = ({ needs }: Needs) =>
    needs.map(({ path }) => path).filter((path) => !own.has(path) && !folder.startsWith(path));
  const [a, b] = [others(here.needs), others(there.needs)];
  return (
    a.length === b.length &&
    a.every((path, index) => path === b[index]) &&
    here.needs.missing.length === there.needs.missing.length
  );
}

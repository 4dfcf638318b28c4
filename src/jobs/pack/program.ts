import { Fault, type ImagePath, imagePath } from '../../kit/index.ts';
import { type FileTree, type Resolution, resolve } from '../../rootfs/index.ts';
import { defaultPath } from './process.ts';

export interface LookupOptions {
  /** Where a relative path begins. */
  readonly cwd: string;
  /** The directories that a bare name is looked up in, colons between them. */
  readonly path: string | undefined;
}

/**
 * The path of a program in `tree`, links not followed: its name can decide what it does, as busybox's does.
 * @throws {Fault} PROGRAM_NOT_FOUND
 */
export async function findProgram(
  tree: FileTree,
  name: string,
  { cwd, path = defaultPath }: LookupOptions,
): Promise<ImagePath> {
  const candidates = name.includes('/')
    ? [imagePath(name.startsWith('/') ? name : `${cwd}/${name}`)]
    : path.split(':').map((folder) => imagePath(`${folder}/${name}`));
  let near: string | undefined;
  for (const candidate of candidates) {
    const found = await resolve(tree, candidate);
    const problem = problemOf(found);
    if (problem === undefined) return candidate;
    if (name.includes('/') || found.found) near ??= `${candidate} ${problem}`;
  }
  throw new Fault('PROGRAM_NOT_FOUND', near ?? `there is no program ${name} in ${path}`, {
    hint: near === undefined ? 'Name it by its path, or install the package that brings it.' : 'Name a program.',
  });
}

function problemOf(found: Resolution): string | undefined {
  if (!found.found)
    return {
      missing: 'does not exist',
      'not-a-directory': 'does not exist',
      denied: 'cannot be reached',
      loop: 'is a loop of links',
    }[found.problem];
  if (found.node.kind !== 'file') return `is a ${found.node.kind}, not a program`;
  return (found.node.mode & 0o111) === 0 ? 'is not executable' : undefined;
}

import { readAll, type Source } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import type { Closure, LoadedObject } from '../loader/index.ts';
import { type Problem, problem } from './verdict.ts';

const libcLimitBytes = 64 * 1024 * 1024;
/** From this release on the loader's file tells its own. */
const firstThatTells = 33;
const releases = new WeakMap<Source, Promise<string | undefined>>();

/** Loader and libc share structures that change with each release of glibc, so that no two releases go together. */
export async function skewProblem(tree: FileTree, closure: Closure): Promise<Problem | undefined> {
  const path = closure.interpreter?.path;
  const libc = closure.objects.find(({ elf }) => elf.dynamic?.soname === 'libc.so.6');
  const loader = closure.objects.find((object) => object.path === path);
  if (closure.flavour !== 'glibc' || libc === undefined || loader === undefined || libc === loader) return undefined;
  const [own, release] = [closure.profile?.version, await releaseOf(tree, libc)];
  const isSkewed =
    own === undefined || release === undefined
      ? isTooOld(loader, release) || askInVain(closure, [loader, libc])
      : own !== release;
  if (!isSkewed) return undefined;
  const [ofLoader, ofLibc] = [own ?? 'another release', release ?? 'another'];
  const says = `the loader ${loader.path} is of glibc ${ofLoader}, and ${libc.path} is of glibc ${ofLibc}`;
  return problem('libc-loader-skew', says, { missing: [libc.path], subject: closure.program });
}

/** A real loader that does not tell its release, beside a libc of those that do. */
const isTooOld = ({ elf }: LoadedObject, release: string | undefined): boolean =>
  elf.dynamic?.versionsDefined?.includes('GLIBC_PRIVATE') === true &&
  Number(release?.split('.')[1] ?? 0) >= firstThatTells;

/** Whether one of the two wants a version that the other does not have. */
const askInVain = ({ versionProblems }: Closure, both: readonly LoadedObject[]): boolean =>
  versionProblems.some(
    ({ kind, library, wantedBy }) =>
      kind === 'missing' && both.some(({ path }) => path === library) && both.some(({ path }) => path === wantedBy),
  );

async function releaseOf(tree: FileTree, { path }: LoadedObject): Promise<string | undefined> {
  const node = await tree.lookup(path);
  if (node === undefined || node.sizeBytes > libcLimitBytes) return undefined;
  const known = releases.get(node.content) ?? readRelease(node.content);
  releases.set(node.content, known);
  return known;
}

/** `GNU C Library (…) stable release version 2.36.` */
async function readRelease(content: Source): Promise<string | undefined> {
  const bytes = await readAll(content, libcLimitBytes);
  const mark = 'release version ';
  for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) {
    const release = /^\d+\.\d+/.exec(bytes.toString('latin1', at + mark.length, at + mark.length + 16))?.[0];
    if (release !== undefined) return release;
  }
  return undefined;
}

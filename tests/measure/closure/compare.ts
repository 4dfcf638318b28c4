import type { Closure } from '../../../src/facts/loader/index.ts';
import { type FileTree, resolve } from '../../../src/rootfs/index.ts';
import type { RealAnswer } from './real-loader.ts';

export type Likeness = 'equal' | 'other order' | 'refused by both' | 'refused by it' | 'different';

export interface Comparison {
  readonly file: string;
  readonly likeness: Likeness;
  /** What differs, for people; the class of a refusal first. */
  readonly detail: string;
  /** How much there was to compare. */
  readonly objects: number;
  readonly missing: number;
}

/** Our closure beside the real loader's list: real paths in order, names not found, versions not given. */
export async function compare(tree: FileTree, closure: Closure, real: RealAnswer): Promise<Comparison> {
  const verdict = await judge(tree, closure, real);
  return { ...verdict, file: closure.program, objects: real.objects.length, missing: real.missing.length };
}

type Judgement = Pick<Comparison, 'likeness' | 'detail'>;

async function judge(tree: FileTree, closure: Closure, real: RealAnswer): Promise<Judgement> {
  const refusal = refusalOf(real);
  if (refusal !== undefined) return compareRefusal(closure, refusal);
  const theirs = await realPaths(tree, closure, real);
  const ours = ourPaths(closure, theirs);
  const problems = [
    ...differenceOf('objects', ours, theirs),
    ...differenceOf('missing', namesOf(closure), missingOf(closure, real)),
    ...differenceOf('versions', versionsOf(closure, real), [...new Set(real.versions.map(shortVersion))]),
  ];
  if (problems.length > 0) return { likeness: 'different', detail: problems.join('; ') };
  const isSameOrder = ours.every((path, index) => path === theirs[index]);
  if (isSameOrder) return { likeness: 'equal', detail: '' };
  return { likeness: 'other order', detail: `ours ${ours.join(' ')} | its ${theirs.join(' ')}` };
}

/** Its own words when the loader gives up, without names. */
function refusalOf(real: RealAnswer): string | undefined {
  if (real.objects.length > 0) return undefined;
  const isHarmless =
    /^statically linked$|^ERROR: ld\.so: object .* cannot be preloaded|no version information available|weak version/;
  const remark = real.remarks.find((line) => !isHarmless.test(line));
  return remark?.replace(/^.*?: error while loading shared libraries: /, '').replace(/^.*\/[^:]*: /, '');
}

function compareRefusal(closure: Closure, refusal: string): Judgement {
  const invalid = closure.missing.find(({ problem }) => problem === 'invalid');
  const likeness = invalid === undefined ? 'refused by it' : 'refused by both';
  const own = invalid === undefined ? '' : ` | ours: ${invalid.name}: ${invalid.detail}`;
  return { likeness, detail: `${refusal}${own}` };
}

async function realPaths(tree: FileTree, closure: Closure, real: RealAnswer): Promise<string[]> {
  const paths: string[] = [];
  for (const { path } of real.objects) {
    if (path.startsWith('linux-vdso') || path.startsWith('linux-gate')) continue;
    const found = await resolve(tree, path.startsWith('/') ? path : `/${path}`);
    paths.push(found.found ? found.path : path);
  }
  // musl prints itself first, and again under the first of its names that is asked for.
  const isMusl = closure.flavour === 'musl';
  return isMusl ? [...new Set(paths)].filter((path) => path !== closure.interpreter?.path) : paths;
}

/** glibc lists itself only where something asks for it; it is in the process all the same. */
function ourPaths(closure: Closure, theirs: readonly string[]): string[] {
  const loader = closure.interpreter?.path;
  const hidesLoader = loader !== undefined && !theirs.includes(loader);
  return closure.objects
    .slice(1)
    .map(({ path }): string => path)
    .filter((path) => !(hidesLoader && path === loader));
}

/** A trace lists auxiliary libraries that are absent, without which programs start. */
function missingOf(closure: Closure, real: RealAnswer): string[] {
  const optional = closure.objects.flatMap(({ elf }) => elf.dynamic?.auxiliaries ?? []);
  const own = new Set(namesOf(closure));
  return [...new Set(real.missing)].filter((name) => own.has(name) || !optional.includes(name));
}

const namesOf = (closure: Closure): string[] => [...new Set(closure.missing.map(({ name }) => name))];

/** A trace asks a library that it did not find for no version, even if another search finds it: only its own then. */
function versionsOf(closure: Closure, real: RealAnswer): string[] {
  const own = closure.versionProblems.filter(({ kind }) => kind === 'missing').map(({ version }) => version);
  const said = real.versions.map(shortVersion);
  return [...new Set(real.missing.length === 0 ? own : own.filter((version) => said.includes(version)))];
}

const shortVersion = (text: string): string => text.split(' ')[0] ?? text;

function differenceOf(what: string, ours: readonly string[], theirs: readonly string[]): string[] {
  const extra = ours.filter((item) => !theirs.includes(item));
  const absent = theirs.filter((item) => !ours.includes(item));
  if (extra.length === 0 && absent.length === 0) return [];
  return [`${what}: only ours [${extra.join(' ')}], only its [${absent.join(' ')}]`];
}

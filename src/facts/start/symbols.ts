import { isFault } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { type Closure, type UnresolvedSymbol, unresolvedSymbolsOf } from '../loader/index.ts';
import { isProblem, type Problem, problem } from './verdict.ts';

interface SymbolProblems {
  /** What ends the start. */
  readonly atStart: Problem | undefined;
  /** What ends the process later, by the object that asks. */
  readonly atCall: readonly Problem[];
}

/** As many as are read in a sentence. */
const namedLimit = 20;

/** The symbols that the loader does not find, at start and at the first call of functions that are bound late. */
export async function symbolProblems(
  tree: FileTree,
  closure: Closure,
  env: readonly string[],
): Promise<SymbolProblems> {
  const unresolved = await unresolvedOrDamaged(tree, closure, env);
  if (isProblem(unresolved)) return { atStart: unresolved, atCall: [] };
  const [first] = unresolved.filter(({ when }) => when === 'start');
  if (first !== undefined) {
    const ofThat = unresolved.filter(({ when, wantedBy }) => when === 'start' && wantedBy === first.wantedBy);
    return { atStart: missingAtStart(first, ofThat), atCall: [] };
  }
  const askers = new Set(unresolved.map(({ wantedBy }) => wantedBy));
  return {
    atStart: undefined,
    atCall: [...askers].map((asker) => missingAtCall(unresolved.filter(({ wantedBy }) => wantedBy === asker))),
  };
}

async function unresolvedOrDamaged(
  tree: FileTree,
  closure: Closure,
  env: readonly string[],
): Promise<readonly UnresolvedSymbol[] | Problem> {
  try {
    return await unresolvedSymbolsOf(tree, closure, env);
  } catch (error) {
    if (!isFault(error, 'ELF_MALFORMED')) throw error;
    const path = String(error.about['path'] ?? closure.program);
    const cause = path === closure.program ? 'elf-corrupt' : 'lib-invalid';
    const library = closure.objects.find((object) => object.path === path);
    const about = cause === 'elf-corrupt' ? {} : { missing: [library?.requested ?? path] };
    return problem(cause, `${path} is damaged: ${error.message}`, { ...about, subject: path });
  }
}

const nameOf = ({ name, version }: UnresolvedSymbol): string => (version === undefined ? name : `${name}@${version}`);

const namesOf = (symbols: readonly UnresolvedSymbol[]): string[] => [
  ...new Set(symbols.slice(0, namedLimit).map(({ name }) => name)),
];

function missingAtStart(first: UnresolvedSymbol, all: readonly UnresolvedSymbol[]): Problem {
  const { wantedBy, noVersionsIn, version } = first;
  if (noVersionsIn !== undefined && version !== undefined) {
    const says = `${noVersionsIn} has no versions at all, and ${wantedBy} binds ${nameOf(first)} at start`;
    return problem('version-missing', says, { missing: [version], subject: wantedBy });
  }
  const more = all.length === 1 ? '' : ` and ${all.length - 1} more`;
  const says = `${wantedBy} needs the symbol ${nameOf(first)}${more}, which no loaded library defines`;
  return problem('symbol-missing', says, { missing: namesOf(all), subject: wantedBy });
}

function missingAtCall(symbols: readonly UnresolvedSymbol[]): Problem {
  const [first] = symbols;
  const names = symbols.slice(0, 3).map(nameOf).join(', ');
  const says = `${first?.wantedBy} ends at its first call of ${names}, which no loaded library defines`;
  return problem('late-symbol-missing', says, { missing: namesOf(symbols), subject: first?.wantedBy });
}

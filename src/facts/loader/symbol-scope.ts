import type { HashedName, SymbolTable, SymbolVersion } from '../../formats/elf/index.ts';
import type { LoadedObject } from './answer.ts';

/** An object of the process with its symbols. */
export interface ScopeMember {
  readonly object: LoadedObject;
  readonly symbols: SymbolTable;
}

/** A symbol as an object asks for it. */
export interface SymbolWish {
  readonly name: HashedName;
  readonly version: SymbolVersion | undefined;
  /** The object that should give the version: where it does, no other need be asked. */
  readonly giver: ScopeMember | undefined;
}

/** `no-versions`: only in a library without any table of versions, at which ld.so gives up with an assertion. */
export type SymbolAnswer = 'found' | 'absent' | { readonly noVersionsIn: LoadedObject };

export type FindSymbol = (scope: readonly ScopeMember[], wish: SymbolWish) => SymbolAnswer;

const [local, weak] = [0, 2];
const threadLocal = 6;
const indirect = 10;
const global = 1;
const unique = 10;
/** STT_NOTYPE, STT_OBJECT, STT_FUNC, STT_COMMON, STT_TLS; glibc takes STT_GNU_IFUNC too. */
const commonTypes = [0, 1, 2, 5, threadLocal];
/** From this index on a symbol has a version that is not the library's first. */
const firstLaterVersion = 3;

/** Look-up as in glibc's elf/dl-lookup.c: through all objects in load order, the first that answers. */
export function findAsGlibc(scope: readonly ScopeMember[], wish: SymbolWish): SymbolAnswer {
  if (wish.giver !== undefined && givesVersion(wish.giver, wish)) return 'found';
  for (const { object, symbols } of scope) {
    const named = symbols.named(wish.name);
    if (named.length === 0) continue;
    const candidates = named.filter((index) => isUsable(symbols, index, true));
    if (candidates.length === 0) continue;
    if (wish.version !== undefined && !symbols.hasVersions && isNamed(object, wish.version.file)) {
      return { noVersionsIn: object };
    }
    const index = chooseVersion(symbols, candidates, wish.version);
    if (index !== undefined && isVisible(symbols, index)) return 'found';
  }
  return 'absent';
}

const givesVersion = ({ symbols }: ScopeMember, { name, version }: SymbolWish): boolean =>
  symbols
    .named(name)
    .some(
      (index) =>
        symbols.versionOf(index)?.name === version?.name && isUsable(symbols, index, true) && isVisible(symbols, index),
    );

/** Look-up as in musl's ldso/dynlink.c: by name alone, past what is not the default version. */
export function findAsMusl(scope: readonly ScopeMember[], { name }: SymbolWish): SymbolAnswer {
  const hasIt = scope.some(({ symbols }) =>
    symbols
      .named(name)
      .some(
        (index) =>
          isUsable(symbols, index, false) &&
          !symbols.isVersionHidden(index) &&
          [global, weak, unique].includes(symbols.at(index).binding),
      ),
  );
  return hasIt ? 'found' : 'absent';
}

/** Whether loaders take the entry for a definition at all. */
function isUsable(symbols: SymbolTable, index: number, takesIndirect: boolean): boolean {
  const { isDefined, hasValue, isAbsolute, type } = symbols.at(index);
  if (!isDefined || !(hasValue || type === threadLocal || (isAbsolute && takesIndirect))) return false;
  return commonTypes.includes(type) || (takesIndirect && type === indirect);
}

function isVisible(symbols: SymbolTable, index: number): boolean {
  const { binding, visibility } = symbols.at(index);
  return binding !== local && (visibility === 0 || visibility === 3);
}

/** glibc's check_match for one object: the entry that has the version, or may stand for it. */
function chooseVersion(
  symbols: SymbolTable,
  candidates: readonly number[],
  version: SymbolVersion | undefined,
): number | undefined {
  if (!symbols.hasVersions) return candidates[0];
  if (version !== undefined) {
    return candidates.find((index) => {
      const given = symbols.versionOf(index);
      if (given?.name === version.name) return true;
      return !version.isHidden && given === undefined && !symbols.isVersionHidden(index);
    });
  }
  const first = candidates.find((index) => symbols.versionIndexOf(index) < firstLaterVersion);
  if (first !== undefined) return first;
  const defaults = candidates.filter((index) => !symbols.isVersionHidden(index));
  return defaults.length === 1 ? defaults[0] : undefined;
}

/** Whether `file` is one of the names by which the object was loaded. */
const isNamed = ({ requested, name, elf }: LoadedObject, file: string | undefined): boolean =>
  file !== undefined && (requested === file || name === file || elf.dynamic?.soname === file);

/**
 * facts/loader: what a dynamic loader does with a program or library of a tree, found out without running it.
 * It knows glibc and musl on every machine. What a program needs beyond its libraries is asked of facts/needs.
 */
export type {
  Closure,
  ClosureFile,
  ClosureOptions,
  HowFound,
  LibraryClosure,
  LoadedObject,
  MissingLibrary,
  UnresolvedSymbol,
  VersionProblem,
} from './answer.ts';
export { type CacheEntry, type LoaderCache, parseLoaderCache } from './cache.ts';
export { closureOf } from './closure.ts';
export { type CpuLevel, cpuLevelOf, lacksIsa, levelNamesOf } from './cpu.ts';
export { closureOfLibrary, findLibrary, type LibraryAnswer } from './library.ts';
export { type MachineRules, rulesOfMachine } from './machines.ts';
export { type LoaderProfile, profileOf } from './profile.ts';
export { unresolvedSymbolsOf } from './symbols.ts';

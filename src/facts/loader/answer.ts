import type { Elf } from '../../formats/elf/index.ts';
import type { ImagePath } from '../../kit/index.ts';
import type { Credentials } from '../../rootfs/index.ts';
import type { Because } from '../types.ts';
import type { Loading } from './loading.ts';
import type { LoaderProfile } from './profile.ts';

export interface ClosureOptions {
  /** `NAME=value` of the process: LD_LIBRARY_PATH and LD_PRELOAD count. Default: none. */
  readonly env?: readonly string[];
  /** Secure-execution mode: set-uid to another id, or file capabilities. Default: false. */
  readonly secure?: boolean;
  /** What relative paths start from. Default: `/`. */
  readonly cwd?: ImagePath;
  /** Whose permissions count. Default: all may be read. */
  readonly as?: Credentials;
  /**
   * Subdirectories (`x86-64-v3`, `haswell`) that the CPU's loader searches. Default: those of every CPU of that
   * kind, and the copies for better CPUs come as `variants`.
   */
  readonly cpu?: readonly string[];
  /** The loader, for a library, which names none. Default: by its libc and machine. */
  readonly loader?: string;
}

export type HowFound =
  | 'program'
  | 'interpreter'
  | 'preload'
  | 'rpath'
  | 'runpath'
  | 'LD_LIBRARY_PATH'
  | 'cache'
  | 'default'
  | 'path';

/** One object of the process, the program among them. */
export interface LoadedObject {
  /** The real path. */
  readonly path: ImagePath;
  /** The path by which the loader opened it, as `ldd` prints it. */
  readonly name: string;
  /** What was asked for: a DT_NEEDED entry, PT_INTERP, an element of LD_PRELOAD. */
  readonly requested: string;
  /** The object that asked first. */
  readonly wantedBy: ImagePath | undefined;
  readonly how: HowFound;
  readonly elf: Elf;
  /** Every symlink on the way to it, by its real path. */
  readonly links: readonly ImagePath[];
}

/** A library without which the loader gives up. */
export interface MissingLibrary {
  readonly name: string;
  readonly wantedBy: ImagePath;
  /**
   * `absent`: nowhere; `other-machine`: only for another machine or class; `denied`: not readable for the user;
   * `invalid`: the file that the loader takes for it is none that it can load.
   */
  readonly problem: 'absent' | 'other-machine' | 'denied' | 'invalid';
  /** The file of that name that was found and not taken. */
  readonly at: ImagePath | undefined;
  /** For people: `it is for aarch64`. */
  readonly detail: string;
  /** The directories in the order in which they were looked into. */
  readonly searched: readonly string[];
}

export interface VersionProblem {
  /** `GLIBC_2.38`. */
  readonly version: string;
  /** The library that was loaded and does not define it. */
  readonly library: ImagePath;
  readonly wantedBy: ImagePath;
  /** `missing` ends the start; `weak` and `no-table` (a library without any version) bring a warning. */
  readonly kind: 'missing' | 'weak' | 'no-table';
}

/** A symbol that the loader looks up and finds nowhere. */
export interface UnresolvedSymbol {
  readonly name: string;
  readonly version: string | undefined;
  /** The object whose relocation names it. */
  readonly wantedBy: ImagePath;
  /** `start` ends the start; `call` ends the process at the first call of the function. */
  readonly when: 'start' | 'call';
  /** The library that has it, but no table of versions at all: ld.so gives up with an assertion. */
  readonly noVersionsIn: ImagePath | undefined;
}

export interface ClosureFile {
  readonly path: ImagePath;
  readonly because: Because;
}

/** What a dynamic loader does to start one program: plain facts, nothing was executed. */
export interface Closure {
  /** The real path. */
  readonly program: ImagePath;
  readonly flavour: 'glibc' | 'musl' | 'static' | 'other';
  /** undefined for a static program. */
  readonly interpreter: { readonly name: string; readonly path: ImagePath | undefined } | undefined;
  /** In load order, the program first. */
  readonly objects: readonly LoadedObject[];
  /** Those in which symbols are looked up: without the loader where nothing needs it. */
  readonly scope: readonly LoadedObject[];
  /** Copies (glibc-hwcaps) that the loader takes instead on better CPUs, and what only those want. */
  readonly variants: readonly LoadedObject[];
  /** Every name that must exist: files, symlinks on the way, the loader, the cache or path file where it counts. */
  readonly files: readonly ClosureFile[];
  readonly missing: readonly MissingLibrary[];
  readonly versionProblems: readonly VersionProblem[];
  /** What is worth knowing and stops nothing: preloads that are not there. */
  readonly notes: readonly string[];
  /** undefined for a static program. */
  readonly profile: LoaderProfile | undefined;
  /** What `closureOfLibrary` goes on from. */
  readonly loading: Loading | undefined;
}

/** What dlopen of one library adds to a loaded program. */
export interface LibraryClosure {
  /** The library itself, also when it was loaded before; undefined when it is not found. */
  readonly library: LoadedObject | undefined;
  /** What is loaded for it, in load order, without what the program has already. */
  readonly objects: readonly LoadedObject[];
  readonly variants: readonly LoadedObject[];
  readonly files: readonly ClosureFile[];
  readonly missing: readonly MissingLibrary[];
  readonly versionProblems: readonly VersionProblem[];
}

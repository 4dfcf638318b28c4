import type { ImagePath } from '../../kit/index.ts';
import type { Credentials } from '../../rootfs/index.ts';
import type { Closure } from '../loader/index.ts';

/** Why a command does not start: the phase in which it ends, most specific first. More codes come, none is renamed. */
export type Cause =
  | 'no-command'
  | 'os-mismatch'
  | 'user-not-found'
  | 'group-not-found'
  | 'user-invalid'
  | 'workdir-invalid'
  | 'workdir-not-directory'
  | 'mountpoint-conflict'
  | 'entrypoint-missing'
  | 'entrypoint-not-in-path'
  | 'entrypoint-dangling-symlink'
  | 'entrypoint-symlink-loop'
  | 'entrypoint-not-regular'
  | 'entrypoint-not-executable'
  | 'entrypoint-permission'
  | 'shell-missing'
  | 'no-shebang'
  | 'foreign-format'
  | 'empty-file'
  | 'wrong-architecture'
  | 'elf-corrupt'
  | 'elf-not-a-program'
  | 'loader-missing'
  | 'loader-elsewhere'
  | 'libc-mismatch'
  | 'loader-not-executable'
  | 'loader-invalid'
  | 'interpreter-missing'
  | 'interpreter-crlf'
  | 'interpreter-not-executable'
  | 'interpreter-loop'
  | 'shebang-invalid'
  | 'lib-missing'
  | 'lib-permission'
  | 'lib-invalid'
  | 'lib-wrong-arch'
  | 'version-missing'
  | 'libc-loader-skew'
  | 'shebang-args'
  | 'script-unreadable'
  | 'env-program-missing'
  | 'image-broken'
  | 'symbol-missing'
  | 'cpu-isa'
  | 'arguments-too-long'
  | 'shell-command-missing'
  | 'shell-command-denied'
  | 'program-missing'
  | 'runtime-incomplete'
  | LateCause;

/** The program starts, and later fails or works less well. */
export type LateCause =
  | 'late-lib-missing'
  | 'late-symbol-missing'
  | 'late-module-missing'
  | 'late-nss-missing'
  | 'late-certs-missing'
  | 'late-tzdata-missing'
  | 'late-command-missing'
  | 'late-data-missing'
  | 'late-file-missing';

/** What stops a command, with what is missing and for whom. */
export interface Problem {
  readonly cause: Cause;
  /** Paths, sonames, versions or names, as the cause's definition says. */
  readonly missing: readonly string[];
  /** The file that is at fault or that asks; undefined where the configuration is. */
  readonly subject: string | undefined;
  /** One sentence, without advice. */
  readonly says: string;
  /** Where what is missing lies instead: the loader of `loader-elsewhere` and `libc-mismatch`. */
  readonly there?: string;
}

/**
 * What a file of the chain does for the start: `shell`, `env` and `launcher` (tini, gosu, nice) start what their
 * arguments name, `interpreter` reads a script or a class, `loader` is ld.so called by name, `script` is read by
 * another file of the chain, `program` is all else.
 */
export type ChainRole = 'program' | 'script' | 'interpreter' | 'env' | 'shell' | 'launcher' | 'loader';

/** One file that is executed, or read as a script, on the way to the user's program; each is started by the one before. */
export interface ChainLink {
  readonly path: ImagePath;
  readonly kind: 'elf' | 'script' | 'other';
  readonly machine: string | undefined;
  /** PT_INTERP or what follows `#!`. */
  readonly interpreter: string | undefined;
  readonly role: ChainRole;
  /** As the process gets them, its own name first; what is only known when it runs is left out. */
  readonly argv: readonly string[];
}

export interface StartVerdict {
  /** `unknown`: it hangs on what only a running container has. */
  readonly starts: 'yes' | 'no' | 'unknown';
  readonly cause: Cause | null;
  readonly missing: readonly string[];
  readonly subject: string | undefined;
  readonly says: string;
  /** See {@link Problem}. */
  readonly there?: string;
  readonly argv: readonly string[];
  /** The real path of the command, where it is found. */
  readonly path: ImagePath | undefined;
  readonly chain: readonly ChainLink[];
  /** Of each ELF program in the chain that was looked into, in order. */
  readonly closures: readonly Closure[];
  /** What goes wrong after the start and was seen on the way to it; each has a {@link LateCause}. */
  readonly late: readonly Problem[];
  /** The user of the process; undefined where the engine does not come so far. */
  readonly as: Credentials | undefined;
  /** Sentences: what could not be decided, for `unknown`; empty else. */
  readonly undecided: readonly string[];
}

export const problem = (
  cause: Cause,
  says: string,
  { missing = [], subject }: { readonly missing?: readonly string[]; readonly subject?: string | undefined } = {},
): Problem => ({ cause, says, missing, subject });

export const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'cause' in value && 'says' in value;

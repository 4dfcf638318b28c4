import type { Cause } from '../../facts/start/index.ts';
import type { Platform, ProcessConfig } from '../../formats/oci/index.ts';
import { Fault } from '../../kit/index.ts';
import { hostTree } from '../../rootfs/index.ts';

/** What was run, as an image's configuration would say it. */
export interface Ran {
  readonly rootDirectory: string;
  readonly process: ProcessConfig;
  readonly platform: Platform;
  /** OCI's name of this machine's. */
  readonly architecture: string;
}

/** SIGSEGV: what some kernels make of a damaged program. */
const crashed = 139;

/** How kernels, loaders and runtimes let a program end that never came to its own code. */
const suspicious: ReadonlySet<number> = new Set([1, 126, 127, 139, 255]);

/** ENOENT from execve(2): something that the kernel wanted for the program is not there. */
const notFound: ReadonlySet<Cause> = new Set<Cause>([
  'loader-missing',
  'loader-elsewhere',
  'libc-mismatch',
  'interpreter-missing',
  'interpreter-crlf',
]);

/** What else execve(2) refuses. */
const notExecutable: ReadonlySet<Cause> = new Set<Cause>([
  'no-shebang',
  'foreign-format',
  'empty-file',
  'wrong-architecture',
  'elf-corrupt',
  'elf-not-a-program',
  'loader-not-executable',
  'loader-invalid',
  'interpreter-not-executable',
  'interpreter-loop',
  'shebang-invalid',
]);

/**
 * Why a program that ended with `exitCode` could not even start: runtimes call it 1 or 255 when the kernel refuses the
 * program, and say of a missing loader that the program was not found. undefined for a program that did start.
 */
export async function findRefusal(exitCode: number, ran: Ran): Promise<Fault | undefined> {
  if (!suspicious.has(exitCode)) return undefined;
  // Loaded only here: a program that ends well does not wait for it.
  const { startOf } = await import('../../facts/start/index.ts');
  const { platform, architecture } = ran;
  const { starts, cause, says } = await startOf(hostTree(ran.rootDirectory), ran.process, { platform, architecture });
  if (starts !== 'no' || cause === null) return undefined;
  return new Fault('PROGRAM_WONT_START', says, {
    hint: 'Make the image again with what is missing: osless pack finds what a program needs.',
    about: { cause, exitCode: exitCode === crashed ? exitCode : codeOf(cause, exitCode) },
  });
}

const codeOf = (cause: Cause, exitCode: number): number =>
  notFound.has(cause) ? 127 : notExecutable.has(cause) ? 126 : exitCode;

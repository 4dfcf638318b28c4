import type { Cause, StartVerdict } from '../../facts/start/index.ts';
import type { ProcessConfig } from '../../formats/oci/index.ts';
import { loaderMessage } from './loader-message.ts';

/** What stands in messages of the runtime and of the kernel. */
interface Parts {
  /** The first word of the command, as it was given. */
  readonly command: string;
  /** The path that execve(2) gets for it. */
  readonly executed: string;
  readonly missing: string;
  readonly workingDir: string;
  readonly says: string;
}

type Words = (parts: Parts) => string | undefined;

/** What execve(2) ends with, as runc reports it: the text names the command, also where another file is at fault. */
const refused =
  (error: string): Words =>
  ({ executed }) =>
    `exec ${executed}: ${error}`;

/** What runc says when it looks for the command. */
const notFound =
  (error: string): Words =>
  ({ command }) =>
    `exec: "${command}": stat ${command}: ${error}`;

const notInPath: Words = ({ command }) => `exec: "${command}": executable file not found in $PATH`;

/** By engine or runtime, before there is a process. */
const ofRuntime: Partial<Record<Cause, Words>> = {
  'no-command': () => 'no command specified',
  'user-not-found': ({ missing }) => `unable to find user ${missing}: no matching entries in passwd file`,
  'group-not-found': ({ missing }) => `unable to find group ${missing}: no matching entries in group file`,
  'user-invalid': () => 'uids and gids must be in range 0-2147483647',
  'workdir-invalid': ({ workingDir }) =>
    `the working directory '${workingDir}' is invalid, it needs to be an absolute path`,
  'workdir-not-directory': ({ workingDir }) => `Cannot mkdir: ${workingDir} is not a directory`,
  'entrypoint-missing': (parts) =>
    notFound(/no directory/.test(parts.says) ? 'not a directory' : 'no such file or directory')(parts),
  'entrypoint-dangling-symlink': notFound('no such file or directory'),
  'entrypoint-symlink-loop': notFound('too many levels of symbolic links'),
  'entrypoint-not-in-path': notInPath,
  'entrypoint-not-executable': (parts) =>
    parts.command.includes('/') ? `exec: "${parts.command}": permission denied` : notInPath(parts),
  'entrypoint-permission': (parts) =>
    (/may not search/.test(parts.says) ? notFound : refused)('permission denied')(parts),
  'shell-missing': (parts) =>
    parts.command.includes('/') ? notFound('no such file or directory')(parts) : notInPath(parts),
};

const enoent = refused('no such file or directory');
const enoexec = refused('exec format error');
const eacces = refused('permission denied');

/** By the kernel, about the first process. */
const ofKernel: Partial<Record<Cause, Words>> = {
  'no-shebang': enoexec,
  'foreign-format': enoexec,
  'empty-file': enoexec,
  'wrong-architecture': enoexec,
  'shebang-invalid': enoexec,
  'loader-missing': enoent,
  'loader-elsewhere': enoent,
  'libc-mismatch': enoent,
  'interpreter-missing': enoent,
  'interpreter-crlf': enoent,
  'loader-not-executable': eacces,
  'interpreter-not-executable': eacces,
  'interpreter-loop': refused('too many levels of symbolic links'),
};

/** What a user sees of a start that fails, where that is one sure text; undefined where it starts. */
export function messageOf(verdict: StartVerdict, config: ProcessConfig): string | undefined {
  const { starts, cause } = verdict;
  if (starts !== 'no' || cause === null) return undefined;
  const words = ofRuntime[cause] ?? (isOfKernel(verdict) ? ofKernel[cause] : undefined);
  return words === undefined ? loaderMessage(verdict) : words(partsOf(verdict, config));
}

/** Whether it is the first execve that fails: where a program of the image calls the next one, it is that which tells. */
function isOfKernel({ cause, chain }: StartVerdict): boolean {
  const last = chain.at(-1);
  const isForeignElf = cause === 'foreign-format' && last?.kind === 'elf';
  const hasRun = cause === 'interpreter-crlf' ? chain : chain.slice(0, -1);
  return !isForeignElf && hasRun.every(({ kind }) => kind === 'script');
}

function partsOf({ argv, missing, path, says }: StartVerdict, { workingDir = '' }: ProcessConfig): Parts {
  const [command = ''] = argv;
  const executed = command.includes('/') ? command : (path ?? command);
  return { command, executed, missing: missing.join(', '), workingDir, says };
}

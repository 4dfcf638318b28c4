import type { Cause, StartVerdict } from '../../facts/start/index.ts';

type Seen = Pick<StartVerdict, 'argv' | 'missing' | 'subject' | 'path' | 'chain'>;
type Words = (seen: {
  readonly command: string;
  readonly executed: string;
  readonly missing: string;
  readonly subject: string;
}) => string;

/** What execve(2) ends with, as runc reports it: the text names the first file, also where another is at fault. */
const refused =
  (error: string): Words =>
  ({ executed }) =>
    `exec ${executed}: ${error}`;

/** What runc says when it looks for the command. */
const notFound =
  (error: string): Words =>
  ({ command }) =>
    `exec: "${command}": stat ${command}: ${error}`;

const enoent = refused('no such file or directory');
const enoexec = refused('exec format error');
const eacces = refused('permission denied');

/** The message that is printed when the container is started, where there is just one. */
const messages: Partial<Record<Cause, Words>> = {
  'no-command': () => 'docker: no command specified',
  'user-not-found': ({ missing }) => `unable to find user ${missing}: no matching entries in passwd file`,
  'group-not-found': ({ missing }) => `unable to find group ${missing}: no matching entries in group file`,
  'entrypoint-missing': notFound('no such file or directory'),
  'entrypoint-dangling-symlink': notFound('no such file or directory'),
  'entrypoint-symlink-loop': notFound('too many levels of symbolic links'),
  'entrypoint-not-in-path': ({ command }) => `exec: "${command}": executable file not found in $PATH`,
  'entrypoint-not-executable': ({ command }) => `exec: "${command}": permission denied`,
  'shell-missing': ({ command }) =>
    command.includes('/')
      ? `exec: "${command}": stat ${command}: no such file or directory`
      : `exec: "${command}": executable file not found in $PATH`,
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
  'cpu-isa': ({ executed }) => `${executed}: CPU ISA level is lower than required`,
};

/** What a user sees of a start that fails, where that is one sure text; undefined where it starts. */
export function messageOf(verdict: StartVerdict): string | undefined {
  const { starts, cause } = verdict;
  if (starts !== 'no' || cause === null) return undefined;
  return loaderMessage(verdict) ?? messages[cause]?.(partsOf(verdict));
}

function partsOf({ argv, missing, subject, path }: Seen) {
  const [command = ''] = argv;
  return {
    command,
    executed: command.includes('/') ? command : (path ?? command),
    missing: missing.join(', '),
    subject: subject ?? '',
  };
}

/** Loaders name themselves in what they print, and musl words it otherwise than glibc. */
function loaderMessage({ cause, missing, subject, chain, closures }: StartVerdict): string | undefined {
  const program = closures.at(-1);
  const asker = subject ?? program?.program ?? '';
  const name = program?.program ?? chain.at(-1)?.path ?? '';
  const [first = ''] = missing;
  const isMusl = program?.flavour === 'musl';
  if (cause === 'lib-missing' || cause === 'lib-wrong-arch') {
    return isMusl
      ? `Error loading shared library ${first}: No such file or directory (needed by ${asker})`
      : `${name}: error while loading shared libraries: ${first}: cannot open shared object file: No such file or directory`;
  }
  if (cause === 'symbol-missing') {
    return isMusl
      ? `Error relocating ${asker}: ${first}: symbol not found`
      : `${name}: symbol lookup error: ${asker}: undefined symbol: ${first}`;
  }
  if (cause !== 'version-missing') return undefined;
  const library = program?.versionProblems.find(({ version }) => version === first)?.library ?? '';
  return `${name}: ${library}: version \`${first}' not found (required by ${asker})`;
}

import type { StartVerdict } from '../../facts/start/index.ts';
import { baseName } from '../../kit/index.ts';

/** What the dynamic loader, `env` or a shell prints; undefined where there are several ways to say it. */
export function loaderMessage(verdict: StartVerdict): string | undefined {
  const [first = ''] = verdict.missing;
  switch (verdict.cause) {
    case 'lib-missing':
    case 'lib-permission':
    case 'lib-wrong-arch':
      return libraryMessage(verdict, first);
    case 'symbol-missing':
      return symbolMessage(verdict, first);
    case 'version-missing':
      return `${nameOf(verdict)}: ${libraryOf(verdict, first)}: version \`${first}' not found (required by ${asked(verdict)})`;
    case 'cpu-isa':
      return `${asked(verdict)}: CPU ISA level is lower than required`;
    case 'env-program-missing':
      return `'${first}': No such file or directory`;
    case 'shell-command-missing':
      return commandMessage(verdict, first);
    default:
      return undefined;
  }
}

/** The program as it was called, by which glibc names it. */
function nameOf({ closures, chain }: StartVerdict): string {
  const program = closures.at(-1)?.program ?? '';
  return chain.findLast(({ path }) => path === program)?.argv[0] ?? program;
}

/** The object that asks, by the name under which the loader opened it. */
function asked(verdict: StartVerdict): string {
  const { subject, closures } = verdict;
  const closure = closures.at(-1);
  if (subject === undefined || subject === closure?.program) return nameOf(verdict);
  return closure?.objects.find(({ path }) => path === subject)?.name ?? subject;
}

const isMusl = ({ closures }: StartVerdict): boolean => closures.at(-1)?.flavour === 'musl';

function libraryMessage(verdict: StartVerdict, library: string): string | undefined {
  if (isMusl(verdict)) {
    const text = `Error loading shared library ${library}: No such file or directory (needed by ${asked(verdict)})`;
    return verdict.cause === 'lib-missing' ? text : undefined;
  }
  const missing = verdict.closures.at(-1)?.missing.find(({ name }) => name === library);
  const bits = missing?.problem === 'other-machine' ? /(\d+)-bit/.exec(missing.detail)?.[1] : undefined;
  const problem =
    bits === undefined
      ? 'cannot open shared object file: No such file or directory'
      : `wrong ELF class: ELFCLASS${bits}`;
  return `${nameOf(verdict)}: error while loading shared libraries: ${library}: ${problem}`;
}

const symbolMessage = (verdict: StartVerdict, symbol: string): string =>
  isMusl(verdict)
    ? `Error relocating ${asked(verdict)}: ${symbol}: symbol not found`
    : `${nameOf(verdict)}: symbol lookup error: ${asked(verdict)}: undefined symbol: ${symbol}`;

function libraryOf({ closures }: StartVerdict, version: string): string {
  const closure = closures.at(-1);
  const library = closure?.versionProblems.find((problem) => problem.version === version)?.library;
  return closure?.objects.find(({ path }) => path === library)?.name ?? library ?? '';
}

function commandMessage({ chain }: StartVerdict, command: string): string | undefined {
  const shell = chain.findLast(({ role }) => role === 'shell');
  const isBash = shell !== undefined && baseName(shell.path) === 'bash';
  if (!isBash) return `${command}: not found`;
  return command.includes('/') ? `${command}: No such file or directory` : `${command}: command not found`;
}

import type { ExplainSummary } from '../../jobs/explain/index.ts';
import { commandLine, printable } from '../printable.ts';

type Start = ExplainSummary['entrypoint'];
type Link = Start['chain'][number];

/** One line of the way to the program. */
export interface Step {
  readonly mark: 'yes' | 'no' | 'unknown';
  readonly depth: number;
  readonly name: string;
  readonly what: string;
}

/** What the container asks for, where it is that which fails. */
const settings: readonly (readonly [RegExp, string])[] = [
  [/^(user|group)-/, 'the user of the container'],
  [/^workdir-/, 'the working directory'],
  [/^mountpoint-/, 'where the engine mounts a file'],
  [/^image-broken$/, 'the layers'],
  [/^os-mismatch$/, 'the operating system of the image'],
];

/** Causes that lie in what a file of the chain asks for, by what that is; those of the file itself are not here. */
const wanted: Readonly<Record<string, string>> = {
  'loader-missing': 'its loader, which is not there',
  'loader-elsewhere': 'its loader, which is not there',
  'libc-mismatch': 'its loader, which is not there',
  'loader-not-executable': 'its loader, which may not be executed',
  'loader-invalid': 'its loader, which is none',
  'interpreter-missing': 'its interpreter, which is not there',
  'interpreter-crlf': 'its interpreter, with a carriage return',
  'interpreter-not-executable': 'its interpreter, which may not be executed',
  'lib-missing': 'a library that it needs, which is not found',
  'lib-permission': 'a library that it needs, which may not be read',
  'lib-invalid': 'a library that it needs, which is none',
  'lib-wrong-arch': 'a library that it needs, found for another machine only',
  'version-missing': 'a version that it needs, which no library defines',
  'libc-loader-skew': 'its libc, which is of another release than its loader',
  'symbol-missing': 'a symbol that it needs, which no library defines',
  'env-program-missing': 'what it starts, which is not in PATH',
  'shell-command-missing': 'what it starts, which is not there',
  'shell-command-denied': 'what it starts, which may not be executed',
  'program-missing': 'what it starts, which is not there',
  'runtime-incomplete': 'a part of its own, which is not there',
};

/** The way from the command to the program, as far as it goes; at most one step, the last, has a cross. */
export function stepsOf(start: Start): readonly Step[] {
  const { starts, cause, chain, argv } = start;
  const setting = settings.find(([pattern]) => starts === 'no' && pattern.test(cause ?? ''))?.[1];
  const command: Step = { mark: 'yes', depth: 0, name: commandLine(argv), what: 'the command' };
  if (setting !== undefined) {
    const name = start.missing[0] ?? start.subject ?? '';
    return [...(argv.length === 0 ? [] : [command]), { mark: 'no', depth: 0, name: printable(name), what: setting }];
  }
  const links = chain.map((link, depth): Step => ({ mark: 'yes', depth, name: nameOf(link), what: whatIs(link) }));
  if (starts === 'yes') return links;
  if (links.length === 0) return [{ ...command, mark: starts, name: command.name || 'no command' }];
  if (starts === 'unknown')
    return [...links.slice(0, -1), ...links.slice(-1).map((last) => ({ ...last, mark: starts }))];
  const asked = wanted[cause ?? ''];
  if (asked === undefined) return crossed(links, start);
  return [...links, { mark: 'no', depth: links.length, name: namesOf(start.missing) || '…', what: asked }];
}

/** The cross is at the file that is at fault; what would have come after it is left out. */
function crossed(links: readonly Step[], { chain, subject }: Start): readonly Step[] {
  const at = subject === null ? -1 : chain.findIndex(({ path }) => path === subject);
  const last = at === -1 ? links.length - 1 : at;
  return links.slice(0, last + 1).map((step, index) => (index === last ? { ...step, mark: 'no' } : step));
}

/** Its path, and by which other name it was called, where that is one: busybox and others go by it. */
function nameOf({ path, argv }: Link): string {
  const [called = ''] = argv;
  const isOther = called.startsWith('/') && baseOf(called) !== baseOf(path);
  return printable(isOther ? `${called} -> ${path}` : path);
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const mostNames = 5;

function namesOf(missing: readonly string[]): string {
  const names = missing.slice(0, mostNames).map(printable);
  const others = missing.length - names.length;
  return `${names.join(', ')}${others > 0 ? ` and ${others} others` : ''}`;
}

function whatIs({ kind, role, machine, interpreter, libraries }: Link): string {
  const does =
    role === 'program' || role === 'script' ? '' : `${role === 'env' ? 'looks for the next in PATH' : role}, `;
  if (kind === 'script') return `${does}script${interpreter === null ? '' : ` for ${printable(interpreter)}`}`;
  if (kind === 'other') return `${does}no program for Linux`;
  const loading =
    interpreter === null
      ? 'no loader'
      : `loader ${printable(interpreter)}${libraries === null ? '' : `, ${libraries} ${libraries === 1 ? 'library' : 'libraries'}`}`;
  return `${does}${machine ?? 'ELF'}, ${loading}`;
}

import { baseName, imagePath } from '../../kit/index.ts';
import { followBusyBox, isBusyBoxAt } from './busybox.ts';
import { interpreterOf } from './interpreters/index.ts';
import { followEnv } from './launchers/env.ts';
import { followLoader } from './launchers/loader.ts';
import { followPlain, isPlainLauncher } from './launchers/plain.ts';
import { followSetpriv, followSu, followSudo, followUserFirst } from './launchers/user.ts';
import type { Command } from './lookup.ts';
import type { Setting } from './setting.ts';
import { followShell } from './shells/shell.ts';
import type { ChainRole, Problem } from './verdict.ts';

/** The ELF program that execve comes to, by way of scripts that interpret one another. */
export interface Process {
  readonly command: Command;
  readonly argv: readonly string[];
  /** The last script on the way, whose interpreter the program is. */
  readonly script: Command | undefined;
  /** What that script's first line gives the interpreter, as one word. */
  readonly argument: string | undefined;
}

export type Follow = (setting: Setting, started: Process) => Promise<Problem | undefined>;

/** What a program is for the start, told by the names it has. */
export interface Program {
  readonly role: ChainRole;
  /** What it does with its arguments; undefined where nothing is known of that. */
  readonly follow?: Follow;
}

const known: readonly (readonly [RegExp, ChainRole, Follow])[] = [
  [/^env$/, 'env', followEnv],
  [/^(r?bash|dash|ash|sh|ksh|ksh93|mksh|zsh|yash)$/, 'shell', followShell],
  [/^(gosu|su-exec|setuidgid|s6-setuidgid)$/, 'launcher', followUserFirst],
  [/^(su|runuser)$/, 'launcher', followSu],
  [/^sudo$/, 'launcher', followSudo],
  [/^setpriv$/, 'launcher', followSetpriv],
  [/^(ld-linux.*|ld-musl-.*|ld-\d.*|ld64)\.so(\.\d+)?$/, 'loader', followLoader],
];

/** By the name that it is called by, else by that of the file it leads to. */
export async function programOf(started: Process): Promise<Program> {
  const { command, argv } = started;
  const real = baseName(command.path);
  if (await isBusyBoxAt(command))
    return { role: roleOf(baseName(imagePath(argv[0] ?? '')), argv), follow: followBusyBox };
  const called = programNamed(baseName(imagePath(command.name)));
  const own = programNamed(real);
  // Another interpreter may stand in for one, as PyPy does for python: nothing is known of its library.
  if (called?.role === 'interpreter' && own?.role !== 'interpreter') return { role: 'interpreter' };
  return called ?? own ?? { role: 'program' };
}

/** What is known of programs of this name. */
export function programNamed(name: string): Program | undefined {
  const found = known.find(([names]) => names.test(name));
  if (found !== undefined) return { role: found[1], follow: found[2] };
  if (isPlainLauncher(name)) return { role: 'launcher', follow: followPlain(name) };
  const interpreter = interpreterOf(name);
  return interpreter && { role: 'interpreter', follow: interpreter };
}

const roleOf = (name: string, argv: readonly string[]): ChainRole =>
  programNamed(name.startsWith('busybox') ? (argv[1] ?? '') : name)?.role ?? 'program';

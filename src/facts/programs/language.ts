import { baseName } from '../../kit/index.ts';
import type { ProgramFacts } from './types.ts';

/** What runs in a process: a compiled program by what compiled it, an interpreter by what it interprets. */
export type Language =
  | 'go'
  | 'rust'
  | 'c++'
  | 'python'
  | 'node'
  | 'java'
  | 'ruby'
  | 'perl'
  | 'php'
  | 'dotnet'
  | 'shell'
  | 'c';

type Row = readonly [Language, RegExp];

const interpreters: readonly Row[] = [
  ['python', /^(python|pypy)[\d.]*$/],
  ['node', /^(node|nodejs)$/],
  ['java', /^java$/],
  ['ruby', /^(ruby|jruby)[\d.]*$/],
  ['perl', /^perl[\d.]*$/],
  ['php', /^php(-fpm|-cgi)?[\d.]*$/],
  ['dotnet', /^dotnet$/],
  ['shell', /^(sh|dash|ash|bash|ksh|mksh|zsh|busybox)$/],
];

const runtimes: readonly Row[] = [
  ['python', /^libpython\d[\d.]*[a-z]*\.so/],
  ['node', /^libnode\.so/],
  ['java', /^(libjvm|libjli)\.so/],
  ['ruby', /^libruby[-\w.]*\.so/],
  ['perl', /^libperl\.so/],
  ['php', /^libphp\d*\.so/],
  ['dotnet', /^(libhostfxr|libhostpolicy|libcoreclr)\.so/],
];

const cxx: readonly Row[] = [['c++', /^lib(stdc\+\+|c\+\+)\.so/]];
const rustSource = /\/rustc\/[0-9a-f]{40}\/library\/|\/library\/std\/src\/panicking\.rs/;
/** Larger programs are not searched for Rust's traces. */
const mostSearchedBytes = 64 * 1024 * 1024;

/**
 * The language of a program: by its own name, by the runtimes that it loads, by Go's build information, by what Rust's
 * standard library leaves in each program. A program that says nothing of the kind counts as C.
 */
export function languageOf(program: ProgramFacts): Promise<Language> {
  const language = known.get(program) ?? findLanguage(program);
  known.set(program, language);
  return language;
}

const known = new WeakMap<ProgramFacts, Promise<Language>>();

async function findLanguage(program: ProgramFacts): Promise<Language> {
  const named = find(interpreters, [baseName(program.path)]);
  const needed = program.elf.dynamic?.needed ?? [];
  const interpreted = named ?? find(runtimes, needed);
  if (interpreted !== undefined) return interpreted;
  if ((await program.go()) !== undefined) return 'go';
  if (find(cxx, needed) !== undefined) return 'c++';
  return (await isRust(program)) ? 'rust' : 'c';
}

const find = (rows: readonly Row[], names: readonly string[]): Language | undefined =>
  rows.find(([, pattern]) => names.some((name) => pattern.test(name)))?.[0];

async function isRust(program: ProgramFacts): Promise<boolean> {
  const sizeBytes = program.elf.segments.reduce((sum, { fileSize }) => sum + fileSize, 0);
  if (sizeBytes > mostSearchedBytes) return false;
  for (const text of await program.strings()) if (rustSource.test(text)) return true;
  return false;
}

import { type Language, languageOf, type ProgramFacts } from '../../../../facts/programs/index.ts';
import { segmentTypes } from '../../../../formats/elf/index.ts';
import { baseName } from '../../../../kit/index.ts';
import type { Scene } from '../../rule.ts';

/** The program that stays, seen as something with a purpose of its own. */
export interface Work {
  readonly program: ProgramFacts;
  /** Of its real path: `nginx`. */
  readonly name: string;
  readonly language: Language;
  /** Names of functions and variables that its own file wants of libraries; none of a static program. */
  readonly imports: ReadonlySet<string>;
  /**
   * Whether it does so little that whatever it asks for is its ordinary use. A program of many parts may have a
   * function that nobody uses in this image.
   */
  readonly isSmall: boolean;
  /** The first of `names` among its imports. */
  importsAny(names: readonly string[]): string | undefined;
}

/**
 * C programs with one purpose ask for some ten or twenty functions; less asks for 87, dash for 103, curl for 136,
 * nginx for 390 (Debian 12).
 */
const fewImports = 40;
const mostStaticGlibc = 1_200_000;
const mostStaticMusl = 100_000;
const glibcMark = '/usr/lib/locale/locale-archive';
const interpreted: readonly Language[] = ['python', 'node', 'java', 'ruby', 'perl', 'php', 'dotnet', 'shell'];
/** Programs that only start others, and those of many names in one file. */
const carriers =
  /^(busybox|toybox|coreutils|tini(-static)?|dumb-init|catatonit|s6-.*|gosu|su-exec|env|setpriv|runuser|su|sudo|chroot|nohup|nice|timeout|stdbuf|tclsh[\d.]*|wish[\d.]*|lua[\d.]*|guile[\d.]*|Rscript|R|erl|beam.*|ocamlrun|mono[\w-]*|deno|bun|qemu-.*|gdb|valgrind.*)$/;

/** undefined where the process is an interpreter, a shell, or runs whatever it is told: its functions say nothing of this image. */
export async function workOf({ program }: Scene): Promise<Work | undefined> {
  if (program === undefined) return undefined;
  const name = baseName(program.path);
  if (carriers.test(name)) return undefined;
  const language = await languageOf(program);
  if (interpreted.includes(language)) return undefined;
  const imports = await program.imports();
  return {
    program,
    name,
    language,
    imports,
    isSmall: await isSmall(program, language, imports),
    importsAny: (names) => names.find((each) => imports.has(each)),
  };
}

/** Go links what is used of its standard library: a program without other modules is one author's own work. */
async function isSmall(program: ProgramFacts, language: Language, imports: ReadonlySet<string>): Promise<boolean> {
  if (language === 'go') {
    const info = await program.go();
    const isWhole = info?.module !== undefined || info?.path === 'command-line-arguments';
    return isWhole && info.dependencies.length === 0;
  }
  if (language === 'rust') return !(await hasCrates(program));
  if (program.closure.flavour === 'static') return language === 'c' && isSmallStatic(program);
  return imports.size > 0 && imports.size <= fewImports;
}

/** Messages of panics name the source files of the crates that a program was built of. */
async function hasCrates(program: ProgramFacts): Promise<boolean> {
  for (const text of await program.strings()) if (/\/registry\/src\/|\/git\/checkouts\//.test(text)) return true;
  return false;
}

/** A static program is its own libc too: glibc's least one has 0.75 MB, with look-ups of names 1 MB; musl's 20 to 60 KB. */
async function isSmallStatic(program: ProgramFacts): Promise<boolean> {
  const sizeBytes = program.elf.segments
    .filter(({ type }) => type === segmentTypes.load)
    .reduce((sum, { fileSize }) => sum + fileSize, 0);
  if (sizeBytes > mostStaticGlibc) return false;
  return sizeBytes <= mostStaticMusl || (await program.strings()).has(glibcMark);
}

/** Whether a text stands anywhere among the program's strings; Go's have no ends. */
export async function mentions({ program }: Work, text: string): Promise<boolean> {
  for (const each of await program.strings()) if (each.includes(text)) return true;
  return false;
}

/** The release of the glibc of the process as a number: 36 of 2.36; undefined without glibc 2. */
export function glibcRelease({ program }: Pick<Work, 'program'>): number | undefined {
  if (program.closure.flavour !== 'glibc') return undefined;
  const libc = program.closure.objects.find(({ elf }) => elf.dynamic?.soname === 'libc.so.6');
  const releases = (libc?.elf.dynamic?.versionsDefined ?? []).map((name) =>
    Number(/^GLIBC_2\.(\d+)$/.exec(name)?.[1] ?? 0),
  );
  const own = Number(/^2\.(\d+)/.exec(program.closure.profile?.version ?? '')?.[1] ?? 0);
  const release = Math.max(own, ...releases);
  return release > 0 ? release : undefined;
}

/** Whether its texts stand in it without ends, and are found by the code that names them. */
export const isLengthed = ({ language }: Work): boolean => language === 'go' || language === 'rust';

/** Whether it is statically linked C, whose imports cannot be seen. */
export const isStaticC = ({ program, language }: Work): boolean =>
  language === 'c' && program.closure.flavour === 'static';

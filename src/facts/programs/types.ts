import type { Elf, GoBuildInfo } from '../../formats/elf/index.ts';
import type { ImagePath } from '../../kit/index.ts';
import type { Closure } from '../loader/index.ts';

/** What an ELF program of the chain of start says of itself. Answers are read when they are asked for, and kept. */
export interface ProgramFacts {
  readonly path: ImagePath;
  readonly elf: Elf;
  readonly closure: Closure;
  /** Names of the undefined symbols of the program's own file. */
  imports(): Promise<ReadonlySet<string>>;
  /** The same of each library that it loads, without those of the libc. */
  libraryImports(): Promise<ReadonlyMap<ImagePath, ReadonlySet<string>>>;
  /** undefined for a program that Go did not build. */
  go(): Promise<GoBuildInfo | undefined>;
  /** Printable strings of the program's own file outside its code. */
  strings(): Promise<ReadonlySet<string>>;
}

/** One ELF file anywhere in a tree. */
export interface SurveyedElf {
  readonly path: ImagePath;
  readonly elf: Elf;
}

/** What a walk over all files of a tree found. */
export interface Survey {
  readonly elves: readonly SurveyedElf[];
  /** Files that the ELF reader refuses. */
  readonly damaged: readonly ImagePath[];
  /** Files with set-uid, set-gid or file capabilities. */
  readonly privileged: readonly {
    readonly path: ImagePath;
    readonly mode: number;
    readonly capability: Uint8Array | undefined;
  }[];
}

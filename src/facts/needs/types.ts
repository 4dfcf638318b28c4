import type { ImagePath } from '../../kit/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import type { Because, NeedLevel } from '../types.ts';

/** One file (or directory, or link) that comes along, with every rule that wants it; directories come alone. */
export interface NeededFile {
  /** A real path. */
  readonly path: ImagePath;
  /** The strongest of those that the rules gave. */
  readonly level: NeedLevel;
  readonly because: readonly Because[];
}

/** Something that a file asks for and the tree does not have. */
export interface MissingNeed {
  /** As the file names it: `libfoo.so.1`, `/usr/bin/foo`. */
  readonly name: string;
  readonly level: NeedLevel;
  readonly because: Because;
}

export interface NeedsOptions {
  /** The weakest level that is taken. Default: `likely`. */
  readonly keep?: NeedLevel;
  /** The environment of the program in the image. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments that the program will get: those that name files of the tree bring them. */
  readonly args?: readonly string[];
  /** Names an account that must be known in the image, as `USER` of an image config does. */
  readonly user?: string;
  /** Files and directories (with all below them) that come along in any case, with what they need themselves. */
  readonly include?: readonly string[];
  /** Globs of paths that stay out: `*` within one component, `**` across them. */
  readonly exclude?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface Needs {
  /** Sorted by path. */
  readonly needs: readonly NeededFile[];
  /** What the rules name but the level leaves out; what those would bring in turn is not followed. Sorted by path. */
  readonly leftOut: readonly NeededFile[];
  readonly missing: readonly MissingNeed[];
  /** Files made for the image, which the tree has not or not so: they stand over the chosen ones. */
  readonly added: FileTree;
  /** The paths in `added` and why. */
  readonly addedFiles: readonly NeededFile[];
  /** Sentences for people: what could not be known. */
  readonly notes: readonly string[];
}

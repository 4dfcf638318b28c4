import type { ImagePath } from '../../kit/index.ts';
import type { NeedLevel } from '../types.ts';
import type { Scene } from './scene.ts';
import type { Subject } from './subject.ts';

/** What a rule asks for. */
export interface Wish {
  /** May lead through links; each of them comes along. */
  readonly path: string;
  /** How sure it is that the subject reads it; weakened to the subject's own level. */
  readonly level: NeedLevel;
  /** A short sentence for people. */
  readonly detail: string;
  /** `tree`: a directory with all that is below it. Default: just what the path names. */
  readonly what?: 'tree' | 'alone';
  /** Of a tree: paths that are only `possible`, with what is below them. */
  readonly without?: RegExp;
  /** The file that wants it, when it is not the subject. */
  readonly by?: ImagePath;
  /** It is known already that the tree does not have it. */
  readonly absent?: boolean;
  /** Whether to tell the user when the tree does not have it. */
  readonly mustExist?: boolean;
  /** How it will be used: decides which rules look at it. Default: by its mode and name. */
  readonly role?: Role;
}

/**
 * `program` is executed, `helper` is an executable file that came with others and may be, `library` is in the closure of a program that was chosen (its own closure too),
 * `module` is loaded at run time,
 * `configuration` is read and may name other files, `file` is read.
 */
export type Role = 'program' | 'helper' | 'library' | 'module' | 'configuration' | 'file';

/** One reason why files come along. It is asked once for each program, library and module that comes along. */
export interface Rule {
  /** Kebab-case; it stands in every Because. */
  readonly name: string;
  wishesOf(subject: Subject, scene: Scene): Promise<readonly Wish[]>;
}

const ranks: Readonly<Record<NeedLevel, number>> = { needed: 0, likely: 1, possible: 2 };

export const weaker = (a: NeedLevel, b: NeedLevel): NeedLevel => (ranks[a] >= ranks[b] ? a : b);

export const isWithin = (level: NeedLevel, keep: NeedLevel): boolean => ranks[level] <= ranks[keep];

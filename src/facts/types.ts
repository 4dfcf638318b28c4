import type { ImagePath } from '../kit/index.ts';

/** How sure it is that a program reads a file: it cannot do without, it most probably will, it might. */
export type NeedLevel = 'needed' | 'likely' | 'possible';

/** Why a file comes along. */
export interface Because {
  /** The rule's name, kebab-case: `library`, `gconv`, `ca-certificates`. */
  readonly rule: string;
  /** The file that wants it; undefined for the program itself and what every program gets. */
  readonly by: ImagePath | undefined;
  /** A short sentence for people: `DT_NEEDED libssl.so.3, found through ld.so.cache`. */
  readonly detail: string;
}

/** One file (or directory, or link) that should come along; directories come without what is in them. */
export interface Need {
  readonly path: ImagePath;
  readonly level: NeedLevel;
  readonly because: Because;
}

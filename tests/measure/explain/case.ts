import type { Root } from './root.ts';

/** Where a file's bytes come from; the functions are asked when the image is made. */
export type Content = string | Uint8Array | (() => Promise<Uint8Array>);

/** One step from the base to the image. */
export type Change = (root: Root) => void | Promise<void>;

/** The `config` of an image, with the names that its JSON has. */
export interface CaseConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly WorkingDir?: string;
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, object>>;
  readonly Volumes?: Readonly<Record<string, object>>;
  readonly Healthcheck?: { readonly Test: readonly string[] };
}

/** One image, and what it was made to show. */
export interface Case {
  /** `loader/missing/scratch`; unique. */
  readonly name: string;
  /** Names of bases.ts. */
  readonly base: string;
  readonly change?: readonly Change[];
  readonly config: CaseConfig;
  readonly os?: string;
  readonly architecture?: string;
  /** The cause that it was made for; null for an image that works. */
  readonly expect: string | null;
  /** As causes.md defines it for the cause. */
  readonly missing?: readonly string[];
  /** What the run must print beyond what the cause asks for; of a late cause, its symptom. */
  readonly shows?: RegExp;
  /** Printed when control reaches the user's own program. */
  readonly token?: string;
  /** Ends by the time limit. */
  readonly service?: boolean;
  /** Damages the finished layout directory. */
  readonly spoil?: (layout: string) => void;
}

export const token = 'REACHED';

/** The cause goes with a program that starts. */
export const isLate = (cause: string | null): boolean => cause?.startsWith('late-') ?? false;

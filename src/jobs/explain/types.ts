import type { LocalStore, NamedStore } from '../../content/index.ts';
import type { NeedsOs } from '../../facts/os/index.ts';
import type { Cause, ChainLink } from '../../facts/start/index.ts';
import type { Platform } from '../../formats/oci/index.ts';
import type { Digest } from '../../kit/index.ts';
import type { Finding } from './rule.ts';

/** What `docker run` would change about how an image is run. */
export interface Overrides {
  /** Instead of the image's Entrypoint, whose Cmd counts no more then; one empty word, or none, takes both away. */
  readonly entrypoint?: readonly string[];
  /** Instead of the image's Cmd. */
  readonly cmd?: readonly string[];
  readonly user?: string;
  /** `NAME=value`, in place of the image's of that name; `NAME` takes it away. */
  readonly env?: readonly string[];
  readonly workingDir?: string;
}

export interface ExplainOptions {
  /** Where names of images are looked up. */
  readonly store: NamedStore | LocalStore;
  /** The platform of this machine: what runs the image where `platform` says nothing else. */
  readonly machine: Platform;
  /** Which image of an index is meant, and on what it is to run. Default: `machine`. */
  readonly platform?: Platform;
  /** The flags of the CPU of `machine`, as /proc/cpuinfo has them. Default: those of an x86-64 of level 3. */
  readonly cpuFlags?: readonly string[];
  readonly overrides?: Overrides;
  /** For a program: the place whose files it would be among. Default: the files of this machine. */
  readonly in?: string;
  /** Where relative paths of programs begin. Default: `/`. */
  readonly cwd?: string;
  /** Standard input, for the place `-`. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** One file of the chain of start. */
export interface ExplainedLink extends Omit<ChainLink, 'machine' | 'interpreter'> {
  readonly machine: string | null;
  readonly interpreter: string | null;
  /** How many libraries are loaded with it; null for what has none or was not looked into. */
  readonly libraries: number | null;
}

/** What `osless explain --json` prints; paths are those in the image. */
export interface ExplainSummary {
  readonly schema: 'osless.explain/1';
  /** What was asked about, as it was given. */
  readonly place: string;
  /** For a program: the place whose files it was judged among; null for those of this machine. */
  readonly in: string | null;
  /** Of the image's manifest; null for what is no image. */
  readonly digest: Digest | null;
  /** As the image says. */
  readonly platform: string;
  /** The architecture of the machine that was judged for: an image that says another may start all the same. */
  readonly machine: string;
  readonly os: {
    readonly present: boolean;
    readonly distro: string | null;
    readonly libc: string | null;
    readonly shell: string | null;
    readonly packageManager: string | null;
    readonly init: string | null;
    readonly name: string | null;
    readonly packageCount: number | null;
    readonly shells: readonly string[];
    readonly commands: string | null;
    readonly signs: readonly string[];
  };
  readonly entrypoint: {
    readonly argv: readonly string[];
    readonly path: string | null;
    readonly starts: 'yes' | 'no' | 'unknown';
    readonly cause: Cause | null;
    readonly missing: readonly string[];
    readonly chain: readonly ExplainedLink[];
    /** The file that is at fault or that asks for what is missing. */
    readonly subject: string | null;
    /** The reason in one sentence. */
    readonly says: string;
    /** What engine, kernel or loader print when it is run; null where they print nothing, or it starts. */
    readonly message: string | null;
    /** Why such a start fails, in general; null where it does not. */
    readonly why: string | null;
    /** Sentences: what could not be decided, for `unknown`. */
    readonly undecided: readonly string[];
  };
  /** What blocks first, then what degrades, then notes. */
  readonly findings: readonly Finding[];
  readonly needsOs: NeedsOs;
}

/** What `osless explain --all-platforms --json` prints. */
export interface ExplainAllSummary {
  readonly schema: 'osless.explain/1';
  readonly place: string;
  /** One for each platform, in the order of the index. */
  readonly images: readonly ExplainSummary[];
}

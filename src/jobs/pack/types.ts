import type { NamedStore } from '../../content/index.ts';
import type { NeedLevel } from '../../facts/index.ts';
import type { MissingNeed, NeededFile } from '../../facts/needs/index.ts';
import type { Platform } from '../../formats/oci/index.ts';
import type { Image } from '../../image/index.ts';
import type { Digest } from '../../kit/index.ts';
import type { ProcessPatch } from './process.ts';

export interface PackOptions {
  /** Where the layer is written, and where names of images are looked up. */
  readonly store: NamedStore;
  /** The platform of this machine: of a program whose file does not tell one, and chosen from indexes. */
  readonly platform: Platform;
  /** The place that the program and its files come from. Default: `rootfs:/`. */
  readonly from?: string;
  /** Standard input, for the place `-`. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** The weakest level of files that come along. Default: `likely`. */
  readonly keep?: NeedLevel;
  /** Paths that come along in any case, directories whole, programs with what they need. */
  readonly include?: readonly string[];
  /** Globs of paths that stay out. */
  readonly exclude?: readonly string[];
  /** The place of an image or root file system to stand on. Default: nothing. */
  readonly base?: string;
  /** The arguments that become Cmd. */
  readonly args?: readonly string[];
  readonly process?: ProcessPatch;
  /** Where relative paths of a host tree begin. Default: `/`. */
  readonly cwd?: string;
  /** Seconds since 1970 that every file and the image get. Default: 0. */
  readonly timeSeconds?: number;
  /** Whether an image whose program cannot start is made all the same. */
  readonly force?: boolean;
  /** Whether the store is left as it is: the digest is found out, but nothing is written. */
  readonly dryRun?: boolean;
  /** Runs the program with these arguments in both trees and compares; undefined: does not run it. */
  readonly verify?: readonly string[] | undefined;
  /** What `verify` needs: a directory for what runs leave behind until they end, and PATH of this machine. */
  readonly sandbox?: { readonly stateDir: string; readonly path: string };
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface PackResult {
  /** undefined when the program would not start and `force` was not given. */
  readonly image: Image | undefined;
  readonly summary: PackSummary;
}

/** What `osless pack --json` prints. */
export interface PackSummary {
  readonly schema: 'osless.pack/1';
  /** Its path in the image. */
  readonly program: string;
  readonly image: {
    /** null when no image was made. */
    readonly digest: Digest | null;
    /** Bytes of all files. */
    readonly sizeBytes: number;
    /** Bytes of all layers as they are kept; 0 when no image was made. */
    readonly compressedBytes: number;
    /** Files and links that pack chose; directories are not counted. */
    readonly fileCount: number;
    readonly platform: string;
  };
  /** What pack chose, directories included, sorted by path. */
  readonly files: readonly PackedFile[];
  /** What `keep` or the rules left out. */
  readonly leftOut: readonly PackedFile[];
  /** What files ask for and the tree does not have. */
  readonly missing: readonly MissingNeed[];
  readonly notes: readonly string[];
  readonly verified: { readonly static: StaticVerdict; readonly ran: RunVerdict | null };
}

export interface PackedFile extends NeededFile {
  readonly sizeBytes: number;
  readonly kind: string;
}

/** The judgement without running anything. */
export interface StaticVerdict {
  readonly starts: 'yes' | 'no' | 'unknown';
  /** One of the codes of `explain`, or null. */
  readonly cause: string | null;
  readonly missing: readonly string[];
  readonly says: string | null;
}

/** What came of running the program in both trees. */
export interface RunVerdict {
  readonly args: readonly string[];
  readonly same: boolean;
  readonly full: Outcome;
  readonly packed: Outcome;
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

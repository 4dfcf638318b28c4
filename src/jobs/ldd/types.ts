import type { LocalStore, NamedStore } from '../../content/index.ts';
import type { HowFound } from '../../facts/loader/index.ts';
import type { MachoSlice } from '../../formats/macho/index.ts';
import type { Platform } from '../../formats/oci/index.ts';
import type { Pe } from '../../formats/pe/index.ts';
import type { ImagePath } from '../../kit/index.ts';

export interface LddOptions {
  /** Where names of images are looked up. */
  readonly store: NamedStore | LocalStore;
  /** The platform of this machine. */
  readonly machine: Platform;
  /** Which image of an index is meant. Default: `machine`. */
  readonly platform?: Platform;
  /** The file in the place; a name without a slash is looked up in PATH. Default: the image's command. */
  readonly path?: string;
  /** `NAME=value` over the image's: LD_LIBRARY_PATH and LD_PRELOAD count. */
  readonly env?: readonly string[];
  /** The same of our own process: what counts for a program of this machine, as it does for ldd. */
  readonly ownEnv?: readonly string[];
  /** For a program: the place whose files it would be among. Default: the files of this machine. */
  readonly in?: string;
  /** Where relative paths of programs begin. Default: `/`. */
  readonly cwd?: string;
  /** Standard input, for the place `-`. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly onProgress?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** A script on the way to the program whose libraries are told. */
export interface LddScript {
  readonly path: ImagePath;
  readonly interpreter: string;
}

/** A library that the loader was asked for. */
export interface LddLibrary {
  /** What was asked for: a DT_NEEDED entry, PT_INTERP, an element of LD_PRELOAD. */
  readonly name: string;
  /** The path by which the loader opens it; null where it does not find it. */
  readonly path: string | null;
  /** With all links followed. */
  readonly realPath: ImagePath | null;
  /** The object that asked first; null for the environment. */
  readonly wantedBy: ImagePath | null;
  /** Others that it was loaded already for. */
  readonly alsoWantedBy: readonly ImagePath[];
  readonly how: HowFound | null;
  /** Why it is found there, or why not: a phrase. */
  readonly because: string;
  /** The directories that were looked into, in order, where it is not found. */
  readonly searched: readonly string[];
}

export interface LddVersion {
  readonly wantedBy: ImagePath;
  /** The name under which the library is wanted. */
  readonly name: string;
  readonly version: string;
  /** The library that was loaded; null where none was. */
  readonly path: string | null;
  /** Whether the library defines it. Weak ones that are not there stop nothing. */
  readonly isFound: boolean;
  readonly isWeak: boolean;
}

export interface LddElf {
  readonly machine: string;
  readonly class: 32 | 64;
  readonly loader: 'glibc' | 'musl' | 'other' | null;
  /** PT_INTERP, or the loader that a library would be loaded by; null for a static program. */
  readonly interpreter: string | null;
  /** `static-pie` is relocated by itself, `static` lies where it was linked to. */
  readonly linkage: 'dynamic' | 'static' | 'static-pie';
  /** In load order. */
  readonly libraries: readonly LddLibrary[];
  /** Copies that the loader takes instead on better CPUs (glibc-hwcaps). */
  readonly variants: readonly LddLibrary[];
  /** In the order in which the loader checks them. */
  readonly versions: readonly LddVersion[];
  /** What stops nothing: preloads that are not there. */
  readonly notes: readonly string[];
}

/** What `osless ldd --json` prints; of `elf`, `macho` and `pe` the one that fits is there, the others are null. */
export interface LddSummary {
  readonly schema: 'osless.ldd/1';
  /** What was asked about, as it was given. */
  readonly place: string;
  /** `linux/amd64`; null for a file of this machine. */
  readonly platform: string | null;
  /** The real path of the program. */
  readonly path: ImagePath;
  readonly scripts: readonly LddScript[];
  readonly elf: LddElf | null;
  readonly macho: readonly MachoSlice[] | null;
  readonly pe: Pe | null;
  /** Whether all libraries and versions are there; true where that cannot be told (Mach-O, PE). */
  readonly isComplete: boolean;
}

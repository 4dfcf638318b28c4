/** What the ELF header and program headers say (gABI, "Object Files"). Numbers beyond 2^53 are rounded. */
export interface Elf {
  readonly class: 32 | 64;
  readonly littleEndian: boolean;
  /**
   * Whether EI_CLASS and EI_DATA say what the headers really are.
   * The kernel does not look at them and starts such a program all the same; loaders refuse such a library.
   */
  readonly identMatches: boolean;
  /** EI_CLASS, whatever the headers are: 1 for 32 bits, 2 for 64. */
  readonly identClass: number;
  /** Why glibc refuses such a library for its first 24 bytes, as `its header is of version 2`; undefined for a sound one. */
  readonly oddIdent: string | undefined;
  /** EI_OSABI. */
  readonly osAbi: number;
  /** e_type: `executable` ET_EXEC, `shared` ET_DYN, `relocatable` ET_REL, `core` ET_CORE. */
  readonly type: 'executable' | 'shared' | 'relocatable' | 'core' | 'other';
  /** e_machine. */
  readonly machine: number;
  /** `x86_64`, `x32`, `aarch64`, `arm`, `mips64el`, …: see machines.ts; `machine-N` where the number is not known. */
  readonly machineName: string;
  readonly flags: number;
  readonly entry: number;
  readonly segments: readonly Segment[];
  readonly programHeaders: { readonly offset: number; readonly count: number };
  /** Where the section headers stand; none where a file is stripped of them. Loaders never look at them. */
  readonly sectionHeaders: { readonly offset: number; readonly count: number; readonly namesIndex: number } | undefined;
  /** PT_INTERP, as it stands in the file. */
  readonly interpreter: string | undefined;
  /** Why the kernel does not start a file with such a PT_INTERP; nobody looks at that of a library. */
  readonly interpreterProblem: string | undefined;
  /** undefined for a file without PT_DYNAMIC. */
  readonly dynamic: Dynamic | undefined;
  readonly notes: Notes;
  /** ET_DYN that is a program: DF_1_PIE, or PT_INTERP. */
  readonly isPie: boolean;
  /** PT_GNU_STACK: `unstated` without one, which most loaders and kernels take for executable. */
  readonly stack: 'executable' | 'plain' | 'unstated';
}

export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly fileSize: number;
  readonly memorySize: number;
  readonly align: number;
}

/** The dynamic section (gABI, "Dynamic Section"). */
export interface Dynamic {
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[];
  readonly soname: string | undefined;
  readonly rpath: string | undefined;
  readonly runpath: string | undefined;
  /** DT_FILTER and DT_AUXILIARY. */
  readonly filters: readonly string[];
  readonly auxiliaries: readonly string[];
  /** DT_FLAGS, with DT_SYMBOLIC, DT_TEXTREL and DT_BIND_NOW folded in. */
  readonly flags: number;
  /** DT_FLAGS_1. */
  readonly flags1: number;
  readonly bindsNow: boolean;
  /** DF_1_NODEFLIB. */
  readonly noDefaultLibs: boolean;
  /** Whether DT_RELR is present. */
  readonly hasRelr: boolean;
  /** .gnu.version_r: by library. */
  readonly versionsNeeded: readonly VersionNeed[];
  /** .gnu.version_d: names, without the base version (the file's own name). Empty table and no table differ. */
  readonly versionsDefined: readonly string[] | undefined;
  readonly tables: DynamicTables;
  /** What no loader gets through, as the end of a sentence that begins with the file. */
  readonly damage: string | undefined;
}

/** Where in the file the tables of the dynamic section begin; undefined for those that are not there. */
export interface DynamicTables {
  readonly strings: number | undefined;
  readonly symbols: number | undefined;
  readonly hash: number | undefined;
  readonly gnuHash: number | undefined;
  /** DT_MIPS_SYMTABNO. */
  readonly symbolCount: number | undefined;
  readonly symbolVersions: number | undefined;
  readonly versionNeeds: number | undefined;
  readonly versionDefinitions: number | undefined;
  /** DT_REL and DT_RELA behind DT_RELCOUNT and DT_RELACOUNT, and DT_JMPREL; those that lie in no segment are left out. */
  readonly relocations: readonly RelocationTable[];
}

/** Where relocations stand in the file. */
export interface RelocationTable {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly hasAddends: boolean;
  /** DT_JMPREL: functions that may be looked up at their first call. */
  readonly isLazy: boolean;
}

export interface VersionNeed {
  /** The DT_NEEDED name that should give the versions. */
  readonly file: string;
  readonly versions: readonly { readonly name: string; readonly weak: boolean }[];
}

/** One entry of .dynsym. */
export interface ElfSymbol {
  readonly name: string;
  readonly defined: boolean;
  readonly binding: 'local' | 'global' | 'weak' | 'unique' | 'other';
  readonly type: 'none' | 'object' | 'function' | 'tls' | 'ifunc' | 'other';
  /** STV_HIDDEN or STV_INTERNAL. */
  readonly hidden: boolean;
  readonly version: string | undefined;
  /**
   * The library that should give this version (`file` of its {@link VersionNeed}): of undefined symbols, and of
   * variables that a program keeps a copy of, which count as defined.
   */
  readonly versionFile: string | undefined;
  /** `name@version` rather than the default `name@@version`. */
  readonly versionHidden: boolean;
}

export interface Notes {
  /** Hexadecimal. */
  readonly buildId: string | undefined;
  /** `FreeBSD`, `NetBSD`, …: whose note marks the file as for that system; undefined for Linux and for who does not say. */
  readonly otherSystem: string | undefined;
  /** NT_GNU_ABI_TAG: os 0 is Linux; `kernel` as `3.2.0`. */
  readonly abiTag: { readonly os: number; readonly kernel: string } | undefined;
  /** GNU_PROPERTY_X86_ISA_1_NEEDED, a bit mask (1 baseline, 2 v2, 4 v3, 8 v4). */
  readonly isaNeeded: number | undefined;
  /** systemd's package metadata (NT_FDO_PACKAGING_METADATA), unparsed JSON. */
  readonly packageJson: string | undefined;
  /** systemd's dlopen metadata (NT_FDO_DLOPEN_METADATA), parsed. */
  readonly dlopen: readonly DlopenNote[];
}

/** uapi-group.org, "ELF dlopen metadata". */
export interface DlopenNote {
  readonly sonames: readonly string[];
  readonly feature: string | undefined;
  readonly description: string | undefined;
  readonly priority: 'required' | 'recommended' | 'suggested';
}

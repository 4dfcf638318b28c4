/** What differs between machines in how glibc and musl look for libraries. By `machineName` of formats/elf. */
export interface MachineRules {
  /** Flags of an ld.so.cache entry that this loader takes; the first is the one that ends the search. */
  readonly cacheFlags: readonly number[];
  /** Subdirectories of glibc-hwcaps, best first. */
  readonly levels: readonly string[];
  /** Subdirectories, one in the other in this order, that glibc before 2.37 tries, best first. */
  readonly legacyLevels: readonly LegacyLevel[];
  /** AT_PLATFORM: what `$PLATFORM` stands for. */
  readonly platform: string;
  /** Debian's name of the machine in /usr/lib. */
  readonly multiarch: string;
  /** Where programs look for glibc's loader (its ABI). */
  readonly glibcLoader: string;
  /** ARCH of /lib/ld-musl-ARCH.so.1. */
  readonly muslArch: string;
  /** Bits of e_flags that must be as in the loader. */
  readonly abiFlags: number;
}

export interface LegacyLevel {
  readonly name: string;
  /** Whether each machine of that kind has it. */
  readonly isCommon: boolean;
}

type Row = readonly [
  cacheFlags: number,
  multiarch: string,
  glibcLoader: string,
  muslArch: string,
  more?: Partial<MachineRules>,
];

const common = (name: string): LegacyLevel => ({ name, isCommon: true });
const rare = (name: string): LegacyLevel => ({ name, isCommon: false });
const tls = common('tls');
const ppcLevels = ['power10', 'power9'];
const s390Levels = ['z17', 'z16', 'z15', 'z14', 'z13'];
const mipsAbi = { abiFlags: 0x20 | 0x400 };

const rows: Readonly<Record<string, Row>> = {
  x86_64: [
    0x303,
    'x86_64-linux-gnu',
    '/lib64/ld-linux-x86-64.so.2',
    'x86_64',
    {
      levels: ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'],
      legacyLevels: [tls, rare('haswell'), rare('avx512_1'), common('x86_64')],
    },
  ],
  x32: [0x803, 'x86_64-linux-gnux32', '/libx32/ld-linux-x32.so.2', 'x32'],
  i386: [
    3,
    'i386-linux-gnu',
    '/lib/ld-linux.so.2',
    'i386',
    { platform: 'i686', legacyLevels: [tls, common('i686'), common('sse2')] },
  ],
  aarch64: [0xa03, 'aarch64-linux-gnu', '/lib/ld-linux-aarch64.so.1', 'aarch64'],
  aarch64_be: [0xa03, 'aarch64_be-linux-gnu', '/lib/ld-linux-aarch64_be.so.1', 'aarch64_be'],
  armhf: [0x903, 'arm-linux-gnueabihf', '/lib/ld-linux-armhf.so.3', 'armhf', { platform: 'v7l' }],
  arm: [0xb03, 'arm-linux-gnueabi', '/lib/ld-linux.so.3', 'arm', { platform: 'v7l' }],
  riscv64: [0x1003, 'riscv64-linux-gnu', '/lib/ld-linux-riscv64-lp64d.so.1', 'riscv64', { abiFlags: 0xe }],
  ppc: [3, 'powerpc-linux-gnu', '/lib/ld.so.1', 'powerpc'],
  ppc64: [0x503, 'powerpc64-linux-gnu', '/lib64/ld64.so.1', 'powerpc64'],
  ppc64le: [0x503, 'powerpc64le-linux-gnu', '/lib64/ld64.so.2', 'powerpc64le', { levels: ppcLevels }],
  s390x: [0x403, 's390x-linux-gnu', '/lib/ld64.so.1', 's390x', { levels: s390Levels }],
  s390: [3, 's390-linux-gnu', '/lib/ld.so.1', 's390'],
  mips64: [0x703, 'mips64-linux-gnuabi64', '/lib64/ld.so.1', 'mips64', mipsAbi],
  mips64el: [0x703, 'mips64el-linux-gnuabi64', '/lib64/ld.so.1', 'mips64el', mipsAbi],
  mipsn32: [0x603, 'mips64-linux-gnuabin32', '/lib32/ld.so.1', 'mipsn32', mipsAbi],
  mipsn32el: [0x603, 'mips64el-linux-gnuabin32', '/lib32/ld.so.1', 'mipsn32el', mipsAbi],
  mips: [3, 'mips-linux-gnu', '/lib/ld.so.1', 'mips', mipsAbi],
  mipsel: [3, 'mipsel-linux-gnu', '/lib/ld.so.1', 'mipsel', mipsAbi],
  loongarch64: [0x1203, 'loongarch64-linux-gnu', '/lib64/ld-linux-loongarch-lp64d.so.1', 'loongarch64'],
  sparc64: [0x103, 'sparc64-linux-gnu', '/lib64/ld-linux.so.2', 'sparc64'],
  sparc: [3, 'sparc-linux-gnu', '/lib/ld-linux.so.2', 'sparc'],
  m68k: [3, 'm68k-linux-gnu', '/lib/ld.so.1', 'm68k'],
  alpha: [3, 'alpha-linux-gnu', '/lib/ld-linux.so.2', 'alpha'],
  ia64: [0x203, 'ia64-linux-gnu', '/lib/ld-linux-ia64.so.2', 'ia64'],
  hppa: [3, 'hppa-linux-gnu', '/lib/ld.so.1', 'hppa'],
};

/** Libraries of libc6 without a word about their ABI, and those from before libc6, which exact machines do not take. */
const looseFlags = [3, 1];

/** Rules for a machine; for one that is not known, what glibc does where nothing else is said. */
export function rulesOfMachine(machineName: string): MachineRules {
  const row = rows[machineName];
  const [flags, multiarch, loader, muslArch, more = {}] = row ?? [3, machineName, '/lib/ld.so.1', machineName];
  return {
    cacheFlags: flags === 3 ? looseFlags : [flags],
    levels: [],
    legacyLevels: [tls],
    platform: machineName,
    multiarch,
    glibcLoader: loader,
    muslArch,
    abiFlags: 0,
    ...more,
  };
}

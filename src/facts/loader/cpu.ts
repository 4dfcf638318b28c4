/** Levels of x86-64 CPUs (x86-64 psABI, "Micro-Architecture Levels"): 1 is the baseline. */
export type CpuLevel = 1 | 2 | 3 | 4;

const flagsOfLevel = [
  { level: 2, flags: ['cx16', 'lahf_lm', 'popcnt', 'pni', 'sse4_1', 'sse4_2', 'ssse3'] },
  { level: 3, flags: ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'abm', 'movbe', 'xsave'] },
  { level: 4, flags: ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'] },
] as const;

/** The level of a CPU by its flags in /proc/cpuinfo. */
export function cpuLevelOf(flags: readonly string[]): CpuLevel {
  let level: CpuLevel = 1;
  for (const next of flagsOfLevel) {
    if (!next.flags.every((flag) => flags.includes(flag))) break;
    level = next.level;
  }
  return level;
}

/** The subdirectories of library directories that glibc's loader searches on such a CPU. */
export function levelNamesOf(machineName: string, level: CpuLevel): readonly string[] | undefined {
  if (machineName !== 'x86_64') return undefined;
  const levels = [4, 3, 2].filter((number) => number <= level).map((number) => `x86-64-v${number}`);
  return [...levels, ...(level >= 3 ? ['haswell'] : []), ...(level >= 4 ? ['avx512_1'] : [])];
}

/** Whether the CPU lacks what GNU_PROPERTY_X86_ISA_1_NEEDED asks for: bit 0 is the baseline, bit 1 level 2, and so on. */
export const lacksIsa = (needed: number, level: CpuLevel): boolean => (needed & ~((1 << level) - 1)) !== 0;

import { readFileSync } from 'node:fs';

const needs: Readonly<Record<string, string>> = {
  'x86-64-v2': 'cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3',
  'x86-64-v3': 'avx avx2 bmi1 bmi2 f16c fma abm movbe xsave',
  'x86-64-v4': 'avx512f avx512bw avx512cd avx512dq avx512vl',
};

/** What the loaders of this machine search below glibc-hwcaps (psABI, micro-architecture levels), best first. */
export function levelsOfThisCpu(): string[] {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? []);
  const levels: string[] = [];
  for (const [level, names] of Object.entries(needs)) {
    if (!names.split(' ').every((name) => flags.has(name))) break;
    levels.unshift(level);
  }
  return levels;
}

import { causeRule } from './cause.ts';

export const cpuIsa = causeRule({
  code: 'cpu-isa',
  title: 'The program or a library asks for a newer CPU level than the machine has.',
  sees: ['glibc: /app: CPU ISA level is lower than required', 'Fatal glibc error: CPU does not support x86-64-v2'],
  why: 'An x86 ISA property of the file (GNU_PROPERTY_X86_ISA_1_NEEDED) names a level, x86-64-v2 to v4, that this CPU does not reach; distributions that are built for v2 or v3 do not start on older machines and in some virtual ones.',
  fix: 'Build for the baseline, use a base for it, or a machine that reaches the level.',
  dockerfile: 'RUN gcc -march=x86-64 -o /app app.c',
});

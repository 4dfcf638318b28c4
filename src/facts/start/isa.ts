import { type Closure, type CpuLevel, lacksIsa } from '../loader/index.ts';
import { type Problem, problem } from './verdict.ts';

/** The releases of glibc that look at the property: since 2.33. */
const firstThatChecks = 33;

/** Why glibc refuses the CPU: what it was built for itself, or what an object says that it needs. */
export function isaProblem({ flavour, profile, interpreter, program, objects }: Closure, level: CpuLevel) {
  if (flavour !== 'glibc' || profile?.machine.levels.includes('x86-64-v2') !== true) return undefined;
  if (profile.leastCpu !== undefined && profile.leastCpu > level) {
    return tooWeak(interpreter?.path ?? program, profile.leastCpu, level);
  }
  if (Number(profile.version?.split('.')[1] ?? firstThatChecks) < firstThatChecks) return undefined;
  for (const { path, elf } of objects) {
    const needed = elf.notes.isaNeeded ?? 0;
    if (lacksIsa(needed, level)) return tooWeak(path, 32 - Math.clz32(needed), level);
  }
  return undefined;
}

const tooWeak = (path: string, needed: number, level: CpuLevel): Problem =>
  problem('cpu-isa', `${path} is built for x86-64-v${needed}, and the CPU is x86-64-v${level}`, {
    missing: [`x86-64-v${needed}`],
    subject: path,
  });

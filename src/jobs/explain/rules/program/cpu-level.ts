import type { LoadedObject } from '../../../../facts/loader/index.ts';
import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import type { Found, Rule } from '../../rule.ts';
import { listed } from './listed.ts';

export const cpuLevel: Rule = {
  code: 'cpu-level',
  severity: 'notes',
  title: 'The program asks for a newer CPU than every machine of its platform has.',
  sees: [
    'ld.so: /app: CPU ISA level is lower than required',
    'glibc: Fatal glibc error: CPU does not support x86-64-v2',
    'go: This program can only be run on AMD64 processors with v3 microarchitecture support.',
  ],
  why: 'Programs and libraries can be marked for a level of x86-64 above the baseline (v2 of about 2009, v3 of about 2015 with AVX2, v4 with AVX-512), and Go programs are built for one by GOAMD64. On a CPU below it they end at once; emulated and older cloud machines are such.',
  fix: 'Build for the baseline where the machines are not known: -march=x86-64, GOAMD64=v1.',
  dockerfile: 'RUN GOAMD64=v1 go build -o /app .',
  judge: async ({ program }) => (program === undefined ? [] : [...markedObjects(program), ...(await goLevel(program))]),
};

/** GNU_PROPERTY_X86_ISA_1_NEEDED, the highest first. */
const levels: readonly (readonly [number, string])[] = [
  [8, 'x86-64-v4'],
  [4, 'x86-64-v3'],
  [2, 'x86-64-v2'],
];

function markedObjects({ closure }: ProgramFacts): Found[] {
  return levels.flatMap(([, level]) => {
    const paths = closure.objects.filter((object) => levelOf(object) === level).map(({ path }) => path);
    return paths.length === 0
      ? []
      : [{ says: `only CPUs of the level ${level} run ${listed(paths)}`, about: { level, paths } }];
  });
}

const levelOf = ({ elf }: LoadedObject): string | undefined =>
  levels.find(([bit]) => ((elf.notes.isaNeeded ?? 0) & bit) !== 0)?.[1];

async function goLevel(program: ProgramFacts): Promise<Found[]> {
  const level = (await program.go())?.settings.get('GOAMD64');
  if (level === undefined || level === 'v1') return [];
  const says = `${program.path} was built with GOAMD64=${level} and runs only on CPUs of the level x86-64-${level}`;
  return [{ says, about: { level: `x86-64-${level}`, paths: [program.path] } }];
}

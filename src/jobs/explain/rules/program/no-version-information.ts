import type { Rule } from '../../rule.ts';

export const noVersionInformation: Rule = {
  code: 'no-version-information',
  severity: 'notes',
  title: 'A library has no symbol versions, although the program was linked with one that has.',
  sees: ['ld.so: /app: /usr/lib/libfoo.so.1: no version information available (required by /app)'],
  why: 'The library under that name was built without a version script: another build of it, or a replacement. glibc prints the line at each start and takes the functions by their names alone.',
  fix: 'Bring the library from the package that the program was built against.',
  dockerfile: 'RUN apt-get update && apt-get install -y --no-install-recommends libfoo1',
  judge: ({ program }) => {
    const problems = (program?.closure.versionProblems ?? []).filter(({ kind }) => kind === 'no-table');
    const pairs = new Map(problems.map((problem) => [`${problem.library} ${problem.wantedBy}`, problem]));
    return [...pairs.values()].map(({ library, wantedBy }) => ({
      says: `${library} defines no symbol versions, and ${wantedBy} was linked with a build of it that does`,
      about: { library, wantedBy },
    }));
  },
};

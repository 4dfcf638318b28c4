import type { Rule } from '../../rule.ts';
import { seenLate } from '../late.ts';

export const lateSymbolMissing: Rule = {
  code: 'late-symbol-missing',
  severity: 'degrades',
  title: 'A function that the program calls is in none of its libraries.',
  sees: [
    'ld.so: /app: symbol lookup error: /app: undefined symbol: bar',
    "ld.so: Inconsistency detected by ld.so: dl-lookup.c: 111: check_match: Assertion `version->filename == NULL || ! _dl_name_match_p (version->filename, map)' failed!",
  ],
  why: 'glibc binds functions when they are called for the first time, so that the program starts, and ends with exit code 127 at the first such call. The library that was found is of another release than the one that the program was linked with.',
  fix: 'Bring the release of the library that the program was linked with, or link it again with the one that is there.',
  dockerfile: 'RUN LD_BIND_NOW=1 /app --version',
  judge: ({ verdict }) => seenLate(verdict, 'late-symbol-missing'),
};

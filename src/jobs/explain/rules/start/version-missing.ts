import { newerBase } from './advice.ts';
import { causeRule } from './cause.ts';

export const versionMissing = causeRule({
  code: 'version-missing',
  title: 'A library is too old: it does not define a symbol version that the program requires.',
  sees: [
    "glibc: /app: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /app)",
    "Inconsistency detected by ld.so: … Assertion `needed != NULL' failed!",
  ],
  why: 'The program was linked against a newer release of the library than the image has: each symbol version that it uses is noted in the file, and the loader refuses to start without it, with exit code 1.',
  fix: 'Use a base that is at least as new as the one where the program was built, or build it on the older one.',
  dockerfile: 'FROM debian:13-slim',
  advise: ({ missing: [version = 'it'] }) => newerBase(version),
});

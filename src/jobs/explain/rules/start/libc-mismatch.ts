import { baseFor, baseName } from './advice.ts';
import { causeRule } from './cause.ts';

export const libcMismatch = causeRule({
  code: 'libc-mismatch',
  title: 'The program was built for another libc than the image has.',
  sees: ['container: exec /app: no such file or directory', 'sh: /app: not found'],
  why: "A program linked against glibc names glibc's loader, one linked against musl names musl's; the image has only the other. Typical: built on Debian or Ubuntu, run on Alpine, or the other way round.",
  fix: 'Build it on the same kind of base as it runs on, or link it statically.',
  dockerfile: 'FROM golang:alpine AS build\n# … and\nFROM alpine',
  advise: ({ missing: [loader = ''], subject = '/app' }) =>
    `Use ${baseFor(loader)} as base for ${baseName(subject)}, build it for the libc of this one, or link it statically.`,
});

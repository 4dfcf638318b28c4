import { baseFor, baseName } from './advice.ts';
import { causeRule } from './cause.ts';

export const loaderMissing = causeRule({
  code: 'loader-missing',
  title: 'The dynamic loader that the program names is not in the image.',
  sees: [
    'container: exec /app: no such file or directory',
    'sh: 1: /app: not found',
    'bash: /app: cannot execute: required file not found',
    'exec /app: too many levels of symbolic links',
  ],
  why: 'The program is dynamically linked, and the path of its loader (PT_INTERP) leads nowhere in the image. The kernel reports ENOENT for it and names the program, which is there. This is the most asked question of minimal images.',
  fix: 'Link the program statically, bring its loader and libraries, or use a base that has them.',
  dockerfile: 'RUN CGO_ENABLED=0 go build -o /app .\n# or: FROM debian:12-slim',
  advise: ({ missing: [loader = ''], subject = '/app' }) =>
    `Link ${baseName(subject)} statically, let \`osless pack\` bring its loader and libraries, or use ${baseFor(loader)} as base.`,
});

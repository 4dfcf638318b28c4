import type { Rule } from '../../rule.ts';

export const glibcProgramOnMusl: Rule = {
  code: 'glibc-program-on-musl',
  severity: 'notes',
  title: 'A program that was built for glibc runs with musl.',
  sees: ['musl: Error relocating /app: __snprintf_chk: symbol not found', 'kernel: Segmentation fault'],
  why: "musl answers for libc.so.6, and simple programs work with it (through gcompat or a link in the place of glibc's loader). Symbol versions are not looked at, types differ in size here and there, and what only glibc has ends the program.",
  fix: 'Build the program on Alpine, or use a base with glibc.',
  dockerfile: 'FROM debian:12-slim',
  judge: ({ program }) => {
    if (program?.closure.flavour !== 'musl') return [];
    const { path, elf } = program;
    const versions = (elf.dynamic?.versionsNeeded ?? []).flatMap(({ versions }) => versions.map(({ name }) => name));
    const version = versions.find((name) => name.startsWith('GLIBC_'));
    if (version === undefined) return [];
    return [{ says: `${path} was built for glibc (it names ${version}) and gets musl`, about: { path } }];
  },
};

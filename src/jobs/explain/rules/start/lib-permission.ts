import { causeRule } from './cause.ts';

export const libPermission = causeRule({
  code: 'lib-permission',
  title: "A library is where the loader looks, but the image's user may not read it.",
  sees: [
    'glibc: error while loading shared libraries: libfoo.so.1: cannot open shared object file: Permission denied',
    'musl: Error loading shared library libfoo.so.1: Permission denied (needed by /app)',
  ],
  why: 'The file, or a directory on the way to it, is closed for the user of the image. Files copied with a umask of 077 are the usual reason.',
  fix: 'Let everybody read the library and search its directory.',
  dockerfile: 'COPY --chmod=755 lib/ /usr/lib/',
  advise: ({ missing: [name = 'the library'] }) =>
    `Let everybody read it: RUN chmod a+rX the directory of ${name} and the file.`,
});

import { parentOf } from './advice.ts';
import { causeRule } from './cause.ts';

export const loaderElsewhere = causeRule({
  code: 'loader-elsewhere',
  title: 'The dynamic loader is in the image, but not where the program looks for it.',
  sees: [
    'container: exec /app: no such file or directory',
    'sh: 1: /app: not found',
    'exec /app: too many levels of symbolic links',
  ],
  why: "The loader's path is fixed in the program (PT_INTERP). A loader of the same libc and machine lies elsewhere, mostly because a symbolic link such as /lib64 was lost or replaced by a directory in a COPY.",
  fix: 'Restore the link that leads to the loader.',
  dockerfile: 'RUN ln -s /lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 /lib64/ld-linux-x86-64.so.2',
  advise: ({ missing: [loader = '/lib64/ld-linux-x86-64.so.2'], there = 'THE-LOADER' }) =>
    `Make the path that the program names: RUN mkdir -p ${parentOf(loader)} && ln -s ${there} ${loader}`,
});

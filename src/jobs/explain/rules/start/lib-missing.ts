import { installLine } from './advice.ts';
import { causeRule } from './cause.ts';

export const libMissing = causeRule({
  code: 'lib-missing',
  title: 'A shared library that the program needs is nowhere where its loader looks.',
  sees: [
    'glibc: /app: error while loading shared libraries: libfoo.so.1: cannot open shared object file: No such file or directory',
    'musl: Error loading shared library libfoo.so.1: No such file or directory (needed by /app)',
  ],
  why: "A DT_NEEDED entry of the program, or of a library that it loads, is found neither by RPATH, RUNPATH or LD_LIBRARY_PATH, nor in the loader's cache, nor in the directories that are compiled into the loader. A library that lies elsewhere does not count, and /usr/local/lib is no default directory of glibc.",
  fix: 'Install the package that has the library, or copy it to a directory that the loader searches.',
  dockerfile: 'RUN apt-get update && apt-get install -y --no-install-recommends libfoo1',
  advise: ({ missing: [name = 'the library'] }, { os }) =>
    `${installLine(os.packageManager, name)}, or let \`osless pack\` bring what the program needs.`,
});

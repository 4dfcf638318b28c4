import { causeRule } from './cause.ts';

export const libWrongArch = causeRule({
  code: 'lib-wrong-arch',
  title: 'A library is there for another machine or word size only.',
  sees: [
    'glibc: error while loading shared libraries: libfoo.so.1: wrong ELF class: ELFCLASS32',
    'glibc: error while loading shared libraries: libfoo.so.1: cannot open shared object file: No such file or directory',
  ],
  why: 'glibc passes over libraries of another machine in silence and then says that there is none, although the file is there. Libraries copied from another build stage or from a laptop are the usual reason.',
  fix: 'Bring the library for the machine of the program.',
  dockerfile: 'RUN dpkg --add-architecture arm64 && apt-get update && apt-get install -y libfoo1:arm64',
});

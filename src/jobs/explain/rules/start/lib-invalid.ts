import { causeRule } from './cause.ts';

export const libInvalid = causeRule({
  code: 'lib-invalid',
  title: 'The file that the loader takes for a library is no usable ELF file.',
  sees: [
    'glibc: error while loading shared libraries: /usr/lib/libfoo.so: invalid ELF header',
    'glibc: error while loading shared libraries: libfoo.so.1: file too short',
    'glibc: error while loading shared libraries: libfoo.so.1: cannot read file data: Is a directory',
    'musl: Error loading shared library libfoo.so.1: Exec format error (needed by /app)',
    'docker: exit code 135 or 139 without any text',
  ],
  why: 'The first file of that name on the search path is text (a linker script, a Git LFS pointer), empty, a directory, or cut short. glibc stops there and does not look further.',
  fix: 'Bring the real library, and remove what stands before it on the search path.',
  dockerfile: 'COPY --from=build /usr/lib/x86_64-linux-gnu/libfoo.so.1 /usr/lib/x86_64-linux-gnu/',
});

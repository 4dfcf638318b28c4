import { causeRule } from './cause.ts';

export const loaderInvalid = causeRule({
  code: 'loader-invalid',
  title: "The file in the loader's place cannot be used as a loader.",
  sees: [
    'container: exec /app: accessing a corrupted shared library',
    'container: exec /app: input/output error',
    'container: exec /app: permission denied',
    'docker: exit code 139 without any text',
  ],
  why: 'The path of PT_INTERP exists, but the file there is empty, text, a directory, cut short, or a loader for another machine or word size.',
  fix: "Bring the loader of the program's own machine from the libc package.",
  dockerfile: 'COPY --from=debian:12-slim /lib64/ld-linux-x86-64.so.2 /lib64/',
});

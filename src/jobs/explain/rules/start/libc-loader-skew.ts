import { causeRule } from './cause.ts';

export const libcLoaderSkew = causeRule({
  code: 'libc-loader-skew',
  title: 'The loader and the libc are of different glibc releases.',
  sees: [
    "Inconsistency detected by ld.so: dl-call-libc-early-init.c: 37: _dl_call_libc_early_init: Assertion `sym != NULL' failed!",
    'glibc: symbol lookup error: libc.so.6: undefined symbol: _dl_…, version GLIBC_PRIVATE',
    'docker: exit code 139 without any text',
  ],
  why: 'ld.so and libc.so.6 are one program in two files and must come from the same build. A COPY of libraries from another image, or LD_LIBRARY_PATH with a foreign libc, mixes them.',
  fix: 'Bring the loader and the libc from the same package.',
  dockerfile:
    'COPY --from=build /lib64/ld-linux-x86-64.so.2 /lib64/\nCOPY --from=build /lib/x86_64-linux-gnu/libc.so.6 /lib/x86_64-linux-gnu/',
});

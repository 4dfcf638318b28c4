import type { Elf } from '../../../../formats/elf/index.ts';

/** The libc that a library was built for; undefined where it names none. */
export function libcOf({ dynamic }: Elf): 'glibc' | 'musl' | undefined {
  const needed = dynamic?.needed ?? [];
  if (needed.some((name) => /^libc\.musl-/.test(name) || name === 'libc.so')) return 'musl';
  if (needed.some((name) => name === 'libc.so.6' || /^ld(-linux[-\w]*|64)\.so\.\d$/.test(name))) return 'glibc';
  const versions = (dynamic?.versionsNeeded ?? []).flatMap(({ versions }) => versions);
  return versions.some(({ name }) => name.startsWith('GLIBC_')) ? 'glibc' : undefined;
}

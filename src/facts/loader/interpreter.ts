import type { Elf } from '../../formats/elf/index.ts';
import type { LibraryFiles } from './library-files.ts';
import { rulesOfMachine } from './machines.ts';

/** What a program names in PT_INTERP; for a library the loader of its libc, as far as the tree tells. */
export async function loaderNameOf(elf: Elf, files: LibraryFiles): Promise<string> {
  if (elf.interpreter !== undefined) return elf.interpreter;
  const { glibcLoader, muslArch } = rulesOfMachine(elf.machineName);
  const muslLoader = `/lib/ld-musl-${muslArch}.so.1`;
  const { needed = [], versionsNeeded = [] } = elf.dynamic ?? {};
  const names = [...needed, elf.dynamic?.soname ?? ''];
  const versions = versionsNeeded.flatMap(({ versions }) => versions.map(({ name }) => name));
  if (names.some((name) => /^(libc\.musl-.*|libc\.so|ld-musl-.*)$/.test(name))) return muslLoader;
  const isForGlibc = names.includes('libc.so.6') || versions.some((name) => name.startsWith('GLIBC_'));
  if (isForGlibc) return glibcLoader;
  const [glibc, musl] = [await files.open(glibcLoader), await files.open(muslLoader)];
  return musl.is === 'file' && glibc.is !== 'file' ? muslLoader : glibcLoader;
}

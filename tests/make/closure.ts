import { type Closure, type ClosureOptions, closureOf } from '../../src/facts/loader/index.ts';
import { imagePath } from '../../src/kit/index.ts';
import { literalTree } from '../../src/rootfs/index.ts';
import { type ElfParts, elf } from './elf.ts';
import type { MadeFiles } from './scene.ts';

export const loader = '/lib64/ld-linux-x86-64.so.2';

export const library = (soname: string, parts: ElfParts = {}): Uint8Array => elf({ soname, ...parts });

/** A program for {@link loader}. */
export const program = (needs: readonly string[], parts: ElfParts = {}): Uint8Array =>
  elf({ interpreter: loader, needs, ...parts });

export const loaderFile = library('ld-linux-x86-64.so.2', { strings: ['ld.so stable release version 2.40.'] });

/** What the loader of a newer glibc makes of `/app`. */
export const closure = (files: MadeFiles, options: ClosureOptions = {}): Promise<Closure> =>
  closureOf(literalTree({ [loader]: loaderFile, ...files }), imagePath('/app'), options);

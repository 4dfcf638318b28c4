import type { Rule } from '../../rule.ts';
import { isRelease } from './releases.ts';

/** What every supported distribution of hosts has. */
const usualKernel = '4.19';

export const kernelTooOld: Rule = {
  code: 'kernel-too-old',
  severity: 'notes',
  title: "The image's libc asks for a newer kernel than some hosts have.",
  sees: ['glibc: FATAL: kernel too old'],
  why: 'A libc can be built for kernels from a release on (--enable-kernel), and then does without what older ones need. An image brings its own libc, but always runs on the kernel of the host.',
  fix: 'Run it on hosts with that kernel or a later one, or use a base whose libc asks for less.',
  dockerfile: 'FROM debian:12-slim',
  judge: ({ program }) => {
    const libc = program?.closure.objects.find(({ elf }) =>
      /^(libc\.so\.6|ld-linux.*)$/.test(elf.dynamic?.soname ?? ''),
    );
    const tag = libc?.elf.notes.abiTag;
    if (libc === undefined || tag === undefined || tag.os !== 0 || !isRelease(tag.kernel, usualKernel)) return [];
    return [
      { says: `${libc.path} asks for Linux ${tag.kernel} or later`, about: { path: libc.path, kernel: tag.kernel } },
    ];
  },
};

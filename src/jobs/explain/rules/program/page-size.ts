import { type Elf, segmentTypes } from '../../../../formats/elf/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { listed } from './listed.ts';

/** What distributions build for: kernels of these machines have pages of up to so many bytes. */
const largestPage: Readonly<Record<string, number>> = { arm64: 65_536, ppc64le: 65_536, loong64: 16_384 };

export const pageSize: Rule = {
  code: 'page-size',
  severity: 'notes',
  title: 'The program is laid out for smaller pages than some kernels of its machine have.',
  sees: [
    'ld.so: /app: error while loading shared libraries: /app: ELF load command address/offset not page-aligned',
    'jemalloc: <jemalloc>: Unsupported system page size',
    'kernel: Segmentation fault',
  ],
  why: 'Kernels for arm64 have pages of 4, 16 (Apple, Asahi) or 64 KiB (RHEL, some clouds). A program whose segments are aligned to less than the page cannot be mapped, and an allocator that was built for small pages gives up.',
  fix: 'Link with `-Wl,-z,max-page-size=65536`; build jemalloc with `--with-lg-page=16`.',
  dockerfile: 'RUN cc -Wl,-z,max-page-size=65536 -o /app main.c',
  judge: judgeAlignment,
};

async function judgeAlignment({ program, platform: { architecture } }: Scene): Promise<readonly Found[]> {
  const page = largestPage[architecture];
  if (program === undefined || page === undefined) return [];
  const small = program.closure.objects.filter(({ elf }) => alignmentOf(elf) < page);
  if (small.length === 0) return [];
  const align = Math.min(...small.map(({ elf }) => alignmentOf(elf)));
  const paths = small.map(({ path }) => path);
  const says = `${listed(paths)} cannot be mapped by kernels with pages of more than ${align / 1024} KiB`;
  return [{ says, about: { paths, align } }];
}

function alignmentOf({ segments }: Elf): number {
  const aligns = segments
    .filter(({ type, align }) => type === segmentTypes.load && align > 1)
    .map(({ align }) => align);
  return aligns.length === 0 ? Number.MAX_SAFE_INTEGER : Math.min(...aligns);
}

import { parseElf, platformOf } from '../../formats/elf/index.ts';
import { normalisePlatform, type Platform } from '../../formats/oci/index.ts';
import { recogniseProgram } from '../../formats/program/index.ts';
import { type ImagePath, imagePath, readAt } from '../../kit/index.ts';
import { type FileTree, resolve } from '../../rootfs/index.ts';

/** Longest chain of scripts that Linux follows. */
const mostScripts = 5;

/** What a program runs on: the machine of its ELF header, or of its interpreter's; else `fallback`. */
export async function platformOfProgram(tree: FileTree, program: ImagePath, fallback: Platform): Promise<Platform> {
  let path = program;
  for (let scripts = 0; scripts <= mostScripts; scripts++) {
    const found = await resolve(tree, path);
    if (!found.found || found.node.kind !== 'file') return fallback;
    const recognised = recogniseProgram(await readAt(found.node.content, 0, 512));
    if (recognised.kind === 'elf') {
      const elf = await parseElf(found.node.content);
      const machine = elf === undefined ? undefined : platformOf(elf);
      return machine === undefined ? fallback : normalisePlatform({ os: 'linux', ...machine });
    }
    if (recognised.kind !== 'script' || recognised.interpreter === undefined) return fallback;
    path = imagePath(recognised.interpreter);
  }
  return fallback;
}

import { parseElf, platformOf } from '../../formats/elf/index.ts';
import { normalisePlatform, type Platform } from '../../formats/oci/index.ts';
import { recogniseProgram } from '../../formats/program/index.ts';
import { type ImagePath, imagePath, isFault, readAt, type Source } from '../../kit/index.ts';
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
      const machine = await machineOf(found.node.content);
      return machine === undefined ? fallback : normalisePlatform({ os: 'linux', ...machine });
    }
    if (recognised.kind !== 'script' || recognised.interpreter === undefined) return fallback;
    path = imagePath(recognised.interpreter);
  }
  return fallback;
}

/** undefined for a damaged file too: that it cannot start is for the verdict to tell. */
async function machineOf(file: Source): Promise<ReturnType<typeof platformOf>> {
  try {
    const elf = await parseElf(file);
    return elf && platformOf(elf);
  } catch (error) {
    if (isFault(error, 'ELF_MALFORMED')) return undefined;
    throw error;
  }
}

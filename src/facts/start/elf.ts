import { damageOf, type Elf, isStaticPie, parseElf, runsOn } from '../../formats/elf/index.ts';
import { baseName, imagePath, isFault } from '../../kit/index.ts';
import { libraryProblem } from './libraries.ts';
import { loaderProblem } from './loader.ts';
import type { Command } from './lookup.ts';
import type { Setting } from './setting.ts';
import { isProblem, type Problem, problem } from './verdict.ts';

/** What kernel and loader do with an ELF file: undefined when its own code gets control. */
export async function executeElf(setting: Setting, command: Command): Promise<Problem | undefined> {
  const elf = await readElf(command);
  if (isProblem(elf)) return elf;
  const { path } = command;
  setting.chain.push({ path, kind: 'elf', machine: elf.machineName, interpreter: elf.interpreter });
  const refused = kernelProblem(setting, command, elf);
  if (refused !== undefined) return refused;
  if (elf.interpreter !== undefined) {
    const missing = await loaderProblem(setting, command, elf);
    if (missing !== undefined) return missing;
  }
  return libraryProblem(setting, command, elf);
}

async function readElf({ path, node }: Command): Promise<Elf | Problem> {
  const corrupt = (why: string): Problem =>
    problem('elf-corrupt', `${path} is a damaged ELF file: ${why}`, { subject: path });
  try {
    const elf = await parseElf(node.content);
    if (elf === undefined) return corrupt('it ends in its magic');
    return elf.interpreterProblem === undefined ? elf : corrupt(`an ELF file ${elf.interpreterProblem}`);
  } catch (error) {
    if (!isFault(error, 'ELF_MALFORMED')) throw error;
    return corrupt(error.message);
  }
}

function kernelProblem(setting: Setting, command: Command, elf: Elf): Problem | undefined {
  const { path, node } = command;
  const about = { subject: path };
  const isX32 = elf.machineName === 'x32';
  if (isX32 || !runsOn(elf, setting.architecture)) {
    const says = `${path} is for ${elf.machineName}, and the machine is ${setting.architecture}`;
    return problem('wrong-architecture', says, about);
  }
  // EI_OSABI tells nothing: the kernel starts programs whatever it says, and Solaris leaves it at 0.
  if (elf.notes.otherSystem !== undefined) {
    return problem('foreign-format', `${path} is a program for ${elf.notes.otherSystem}`, about);
  }
  if (elf.type !== 'executable' && elf.type !== 'shared') {
    return problem('elf-not-a-program', `${path} is no program, but of ELF type ${elf.type}`, about);
  }
  const damage = damageOf(elf, node.sizeBytes);
  if (damage !== undefined) return problem('elf-corrupt', `${path} ${damage}`, about);
  return isProgram(elf) || isMuslLoader(command)
    ? undefined
    : problem('elf-not-a-program', `${path} is a shared library`, about);
}

/** libc.so.6 names a loader, and loaders start themselves; other libraries die at their entry point. */
function isProgram(elf: Elf): boolean {
  if (elf.interpreter !== undefined || elf.dynamic === undefined) return true;
  if (elf.type === 'executable' || isStaticPie(elf)) return elf.dynamic.needed.length === 0;
  return isLoader(elf);
}

const isLoader = ({ dynamic }: Elf): boolean => /^(ld[-\d.]|libc\.musl-)/.test(dynamic?.soname ?? '');

/** musl is its own loader: Debian's has no soname, and is called libc.so behind the link that is the loader's name. */
const isMuslLoader = ({ name, path }: Command): boolean =>
  /^ld-musl-/.test(baseName(imagePath(name))) || /-musl\/libc\.so$/.test(path);

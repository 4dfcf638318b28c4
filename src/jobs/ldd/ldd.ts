import { parseMacho } from '../../formats/macho/index.ts';
import { parsePe } from '../../formats/pe/index.ts';
import { Fault, type ImagePath } from '../../kit/index.ts';
import { elfOf } from './elf.ts';
import { type LddGround, openGround } from './ground.ts';
import { type FoundProgram, findProgram } from './program.ts';
import type { LddElf, LddOptions, LddSummary } from './types.ts';

/**
 * Tells which libraries the loader would load for a program or library, and from where: of an image, of a root file
 * system, or of this machine, for any machine. Nothing is executed. Of a script, the interpreter is told about.
 * Mach-O and PE files are told what they name, which is not searched for.
 * @throws {Fault} FILE_NOT_FOUND, UNSUPPORTED for what is no program; OPTION_INVALID; those of opening places
 */
export async function ldd(subject: string, options: LddOptions): Promise<LddSummary> {
  const ground = await openGround(subject, options);
  try {
    const program = await findProgram(ground);
    options.signal?.throwIfAborted();
    return await summaryOf(subject, ground, program);
  } finally {
    ground.close();
  }
}

async function summaryOf(place: string, ground: LddGround, { file, format, scripts }: FoundProgram) {
  const { content } = file.node;
  const elf = format === 'elf' ? await elfOf(ground, file) : null;
  const macho = format === 'macho' ? await parseMacho(content) : null;
  const pe = format === 'pe' ? await parsePe(content) : null;
  if (macho === undefined || pe === undefined) return notReadable(file.path);
  const summary: LddSummary = {
    schema: 'osless.ldd/1',
    place,
    platform: ground.platform,
    path: file.path,
    scripts,
    elf,
    macho,
    pe,
    isComplete: elf === null || isComplete(elf),
  };
  return summary;
}

const isComplete = ({ libraries, versions }: LddElf): boolean =>
  libraries.every(({ path }) => path !== null) && versions.every(({ isFound, isWeak }) => isFound || isWeak);

function notReadable(path: ImagePath): never {
  throw new Fault('UNSUPPORTED', `${path} begins like a program of macOS or Windows, and is none`, {
    hint: 'Build or copy the file again.',
  });
}

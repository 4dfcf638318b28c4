import { recognisedBytes, recogniseProgram, type Script } from '../../formats/program/index.ts';
import { baseName, Fault, imagePath, readAt } from '../../kit/index.ts';
import { mayExecute, type Resolution, resolve } from '../../rootfs/index.ts';
import { type LddGround, searchPathOf } from './ground.ts';
import type { LddScript } from './types.ts';

export type FoundFile = Extract<Resolution, { found: true }>;

export interface FoundProgram {
  readonly file: FoundFile;
  readonly format: 'elf' | 'pe' | 'macho';
  readonly scripts: readonly LddScript[];
}

/** As many scripts as the kernel follows, and `env` between them. */
const mostScripts = 6;

/**
 * The program that the command comes to: itself, or what interprets the script that it is.
 * @throws {Fault} FILE_NOT_FOUND, UNSUPPORTED for what is neither
 */
export async function findProgram(ground: LddGround): Promise<FoundProgram> {
  const scripts: LddScript[] = [];
  let file = await findFile(ground, ground.command, 'is not there');
  while (scripts.length < mostScripts) {
    const kind = recogniseProgram(await readAt(file.node.content, 0, recognisedBytes));
    if (kind.kind === 'elf' || kind.kind === 'pe' || kind.kind === 'macho') return { file, format: kind.kind, scripts };
    const interpreter = kind.kind === 'script' ? interpreterOf(kind) : undefined;
    if (interpreter === undefined) {
      throw new Fault('UNSUPPORTED', `${file.path} is neither a program nor a library, nor a script that names one`, {
        hint: 'Name an ELF, Mach-O or PE file, or a script that begins with #!.',
      });
    }
    scripts.push({ path: file.path, interpreter });
    file = await findFile(ground, interpreter, `which ${file.path} names, is not there`);
  }
  throw new Fault('UNSUPPORTED', `${ground.command} leads through more scripts than the kernel follows`, {
    hint: 'Check the first lines of the scripts.',
  });
}

/** `#!/usr/bin/env -S NAME=x python3 -u` names python3. */
function interpreterOf({ interpreter, argument }: Script): string | undefined {
  if (interpreter === undefined || interpreter === '') return undefined;
  if (baseName(imagePath(interpreter)) !== 'env') return interpreter;
  const words = (argument ?? '').split(/[ \t]+/).filter((word) => word !== '');
  return words.find((word) => !word.startsWith('-') && !word.includes('=')) ?? interpreter;
}

async function findFile({ tree, cwd, env }: LddGround, name: string, why: string): Promise<FoundFile> {
  const places = name.includes('/') ? [name] : searchPathOf(env).map((folder) => `${folder}/${name}`);
  for (const place of places) {
    const found = await resolve(tree, place, { cwd });
    if (!found.found || found.node.kind !== 'file') continue;
    if (name.includes('/') || mayExecute(found.node, { uid: 0, gids: [0] })) return found;
  }
  throw new Fault('FILE_NOT_FOUND', `${name}${why.startsWith('which') ? ', ' : ' '}${why}`, {
    hint: 'Check the path; osless never looks outside of the place that it is asked about.',
  });
}

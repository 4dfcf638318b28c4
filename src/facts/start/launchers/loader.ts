import { parseElf } from '../../../formats/elf/index.ts';
import { isFault } from '../../../kit/index.ts';
import { mayRead, resolve } from '../../../rootfs/index.ts';
import { executeElf } from '../elf.ts';
import type { Command } from '../lookup.ts';
import type { Process } from '../programs.ts';
import { inRole, type Setting, withVariable } from '../setting.ts';
import { type Problem, problem } from '../verdict.ts';
import { takeOptions } from './options.ts';

const long = [
  'library-path',
  'preload',
  'audit',
  'argv0',
  'inhibit-rpath',
  'glibc-hwcaps-prepend',
  'glibc-hwcaps-mask',
];

/** `ld-linux-x86-64.so.2 [--library-path DIRS] PROGRAM`: it reads the program, which needs no permission to be executed. */
export async function followLoader(setting: Setting, started: Process): Promise<Problem | undefined> {
  const { values, rest } = takeOptions(started.argv.slice(1), { long });
  const [name, ...args] = rest;
  if (name === undefined || values.has('list') || values.has('verify') || values.has('help')) return undefined;
  const libraryPath = values.get('library-path');
  const env = libraryPath === undefined ? setting.env : withVariable(setting.env, 'LD_LIBRARY_PATH', libraryPath);
  const found = await resolve(setting.tree, name, { cwd: setting.cwd, as: setting.as });
  if (!name.includes('/')) return undefined;
  if (!found.found || found.node.kind !== 'file' || !mayRead(found.node, setting.as)) {
    const says = `${name}, which the loader ${started.command.path} is to start, cannot be opened`;
    return problem('program-missing', says, { missing: [name], subject: started.command.path });
  }
  const program: Command = { path: found.path, node: found.node, name };
  const stopped = (await isElf(program))
    ? await executeElf(inRole({ ...setting, env }, 'program', [name, ...args]), program)
    : notElf(name);
  // The loader is there: it is this one, wherever the program looks for its own.
  return stopped !== undefined && /^(loader|libc-mismatch)/.test(stopped.cause) ? undefined : stopped;
}

async function isElf({ node }: Command): Promise<boolean> {
  try {
    return (await parseElf(node.content)) !== undefined;
  } catch (error) {
    if (!isFault(error, 'ELF_MALFORMED')) throw error;
    return true;
  }
}

const notElf = (name: string): Problem =>
  problem('foreign-format', `${name}, which the loader is to start, is no ELF file`, { subject: name });

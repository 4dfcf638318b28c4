import { mayExecute, type Resolution, resolve } from '../../rootfs/index.ts';
import type { Command } from './lookup.ts';
import { type Setting, searchPathOf } from './setting.ts';

/** Why no file of a name can be executed. */
export interface NotFound {
  readonly why: 'missing' | 'not-executable' | 'denied' | 'not-regular' | 'loop';
  /** The file or directory that is at fault, or the name. */
  readonly at: string;
}

export interface SearchHabits {
  /** Taken where PATH is not set. */
  readonly defaultPath: string;
}

/** execvp(3) of glibc, and of musl. */
export const execvp: SearchHabits = { defaultPath: '/bin:/usr/bin' };
export const muslExecvp: SearchHabits = { defaultPath: '/usr/local/bin:/bin:/usr/bin' };

export const isNotFound = (found: Command | NotFound): found is NotFound => 'why' in found;

/** Looks a program up as those do that are not the container's engine: directories of PATH, past what cannot be executed. */
export async function findProgram(setting: Setting, name: string, habits = execvp): Promise<Command | NotFound> {
  if (name.includes('/')) return at(setting, name);
  let refused: NotFound | undefined;
  const directories = name === '' ? [] : searchPathOf(setting.env, habits.defaultPath).split(':');
  for (const directory of directories) {
    const found = await at(setting, `${directory === '' ? '.' : directory}/${name}`);
    if (!isNotFound(found)) return found;
    if (found.why === 'missing') continue;
    refused ??= found;
  }
  return refused ?? { why: 'missing', at: name };
}

async function at(setting: Setting, name: string): Promise<Command | NotFound> {
  const found = await resolve(setting.tree, name, { cwd: setting.cwd, as: setting.as });
  if (!found.found) return notFound(name, found);
  const { path, node } = found;
  if (node.kind !== 'file') return { why: 'not-regular', at: path };
  if (mayExecute(node, setting.as)) return { path, node, name };
  return { why: (node.mode & 0o111) === 0 ? 'not-executable' : 'denied', at: path };
}

function notFound(name: string, { problem, at: path }: Extract<Resolution, { found: false }>): NotFound {
  if (problem === 'denied') return { why: 'denied', at: path };
  return { why: problem === 'loop' ? 'loop' : 'missing', at: name };
}

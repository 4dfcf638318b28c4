import type { ShellNode } from '../../shell/index.ts';
import type { Command } from '../lookup.ts';
import { findProgram, isNotFound, type NotFound, type SearchHabits } from '../search.ts';
import type { Setting } from '../setting.ts';
import type { Run } from './run.ts';
import { environmentIn, type Flavour, isBuiltin, type ShellState } from './state.ts';

/** What a shell runs for a name. */
export type FoundCommand =
  | { readonly kind: 'function'; readonly body: ShellNode }
  | { readonly kind: 'builtin' | 'applet' }
  | { readonly kind: 'file'; readonly command: Command }
  | { readonly kind: 'none'; readonly notFound: NotFound };

const habits: Readonly<Record<Flavour, SearchHabits>> = {
  dash: { defaultPath: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  bash: { defaultPath: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
  busybox: { defaultPath: '/sbin:/usr/sbin:/bin:/usr/bin' },
};

/** Looks a command up as the shell does: functions, builtins, BusyBox's own applets where it prefers them, PATH. */
export async function findCommand(run: Run, state: ShellState, name: string): Promise<FoundCommand> {
  const body = state.functions.get(name);
  if (body !== undefined) return { kind: 'function', body };
  if (isBuiltin(name, run.flavour)) return { kind: 'builtin' };
  if (run.busyBox?.prefersApplets === true && run.busyBox.applets?.has(name) === true) return { kind: 'applet' };
  const found = await findProgram(settingIn(run, state), name, habits[run.flavour]);
  return isNotFound(found) ? { kind: 'none', notFound: found } : { kind: 'file', command: found };
}

/** The setting of a program that the shell starts now. */
export const settingIn = ({ setting }: Run, state: ShellState): Setting => ({
  ...setting,
  env: environmentIn(state),
  cwd: state.cwd ?? setting.cwd,
});

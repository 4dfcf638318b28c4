import type { ShellNode } from '../../shell/index.ts';
import { busyBoxAt } from '../busybox.ts';
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

/** Looks a command up as the shell does: functions, builtins, PATH, BusyBox's own applets. */
export async function findCommand(run: Run, state: ShellState, name: string): Promise<FoundCommand> {
  const body = state.functions.get(name);
  if (body !== undefined) return { kind: 'function', body };
  if (isBuiltin(name, run.flavour)) return { kind: 'builtin' };
  const found = await findProgram(settingIn(run, state), name, habits[run.flavour]);
  if (!isNotFound(found)) return { kind: 'file', command: found };
  return (await isOwnApplet(run, name)) ? { kind: 'applet' } : { kind: 'none', notFound: found };
}

/** Whether the shell is a BusyBox that starts its applets without a file of their name. */
async function isOwnApplet({ flavour, command }: Run, name: string): Promise<boolean> {
  if (flavour !== 'busybox' || name.includes('/')) return false;
  const { applets, prefersApplets } = await busyBoxAt(command.node);
  return prefersApplets && applets?.has(name) === true;
}

/** The setting of a program that the shell starts now. */
export const settingIn = ({ setting }: Run, state: ShellState): Setting => ({
  ...setting,
  env: environmentIn(state),
  cwd: state.cwd ?? setting.cwd,
});

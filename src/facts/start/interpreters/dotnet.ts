import { parentPath } from '../../../kit/index.ts';
import type { Process } from '../programs.ts';
import { type Setting, variableOf } from '../setting.ts';
import { isProblem, type Problem } from '../verdict.ts';
import { incomplete, isFile, namesIn, openScript } from './script-file.ts';

/** What the dotnet host does with `dotnet APP.dll`: host resolver, framework, application. */
export async function followDotnet(setting: Setting, started: Process): Promise<Problem | undefined> {
  const words = started.argv.slice(1);
  const file = words[0] === 'exec' ? words.slice(1).find((word) => /\.(dll|exe)$/.test(word)) : words[0];
  if (file === undefined || file.startsWith('-')) return undefined;
  const own = parentPath(started.command.path);
  const root = variableOf(setting.env, 'DOTNET_ROOT') || own;
  const roots = [...new Set([own, root])];
  if (!(await hasVersioned(setting, roots, { folder: 'host/fxr', file: 'libhostfxr.so' }))) {
    return incomplete(started, `${own}/host/fxr`, 'libhostfxr.so');
  }
  if (!/\.(dll|exe)$/.test(file)) return undefined;
  const opened = await openScript(setting, started, file);
  if (isProblem(opened)) return opened;
  const isShared = await hasVersioned(setting, roots, {
    folder: 'shared/Microsoft.NETCore.App',
    file: 'libhostpolicy.so',
  });
  const isOwn = await isFile(setting, `${parentPath(opened.path)}/libhostpolicy.so`);
  return isShared || isOwn ? undefined : incomplete(started, `${own}/shared/Microsoft.NETCore.App`, 'the framework');
}

interface Versioned {
  readonly folder: string;
  readonly file: string;
}

async function hasVersioned(setting: Setting, roots: readonly string[], { folder, file }: Versioned): Promise<boolean> {
  for (const root of roots) {
    for (const version of await namesIn(setting, `${root}/${folder}`)) {
      if (await isFile(setting, `${root}/${folder}/${version}/${file}`)) return true;
    }
  }
  return false;
}

import { isFault, readAll, textOfBytes } from '../../../kit/index.ts';
import { type FileNode, mayRead, resolve } from '../../../rootfs/index.ts';
import { unreadableScript } from '../execute.ts';
import { ownName } from '../launchers/launch.ts';
import type { Command } from '../lookup.ts';
import type { Process } from '../programs.ts';
import { inRole, type Setting } from '../setting.ts';
import { type Problem, problem } from '../verdict.ts';

/** Longer ones are made by machines. */
const longestText = 1024 * 1024;

/** The file that an interpreter is told to run, or why it cannot open it. */
export async function openScript(setting: Setting, started: Process, name: string): Promise<Command | Problem> {
  const found = await resolve(setting.tree, name, { cwd: setting.cwd, as: setting.as });
  if (!found.found) {
    return found.problem === 'denied' ? unreadableScript(setting.as.uid, found.at) : missingScript(started, name);
  }
  const { path, node } = found;
  if (!mayRead(node, setting.as)) return unreadableScript(setting.as.uid, path);
  if (!setting.links.some((link) => link.path === path && link.kind === 'script')) {
    const chain = inRole(setting, 'script', [name]).chain;
    if (node.kind === 'file') chain.push({ path, kind: 'script', machine: undefined, interpreter: undefined });
  }
  return { path, node, name };
}

export const missingScript = (started: Process, name: string): Problem =>
  problem('program-missing', `${name}, which ${ownName(started)} is to run, is not in the image`, {
    missing: [name],
    subject: started.command.path,
  });

export const incomplete = (started: Process, missing: string, what: string): Problem =>
  problem('runtime-incomplete', `${ownName(started)} lacks ${what} (${missing})`, {
    missing: [missing],
    subject: started.command.path,
  });

/** undefined for what is no text of a person's size. */
export async function textOf({ content, sizeBytes, kind }: FileNode): Promise<string | undefined> {
  if (kind !== 'file' || sizeBytes > longestText) return undefined;
  try {
    return textOfBytes(await readAll(content, longestText));
  } catch (error) {
    if (!isFault(error, 'TOO_LARGE')) throw error;
    return undefined;
  }
}

export async function isFile({ tree, as, cwd }: Setting, path: string): Promise<boolean> {
  const found = await resolve(tree, path, { as, cwd });
  return found.found && found.node.kind === 'file';
}

export async function isDirectory({ tree, as, cwd }: Setting, path: string): Promise<boolean> {
  const found = await resolve(tree, path, { as, cwd });
  return found.found && found.node.kind === 'directory';
}

/** Names in a directory, links followed; none where there is none. */
export async function namesIn({ tree, as, cwd }: Setting, path: string): Promise<readonly string[]> {
  const found = await resolve(tree, path, { as, cwd });
  return found.found && found.node.kind === 'directory' ? tree.list(found.path) : [];
}

/** Notes a module that a script wants at once and that is certainly nowhere. */
export function noteModule(setting: Setting, script: string, name: string): void {
  setting.late.push(
    problem('late-module-missing', `${script} wants the module ${name}, which is not in the image`, {
      missing: [name],
      subject: script,
    }),
  );
}

import type { ProcessConfig } from '../../formats/oci/index.ts';
import { defaultPath, findVariable } from '../../formats/runtime/index.ts';
import { type FileTree, resolve } from '../../rootfs/index.ts';

/** The name under which a command is found: itself where it has a slash, else by PATH; undefined for nowhere. */
export async function commandIn(tree: FileTree, config: ProcessConfig, name: string): Promise<string | undefined> {
  const places = name.includes('/') ? [name] : pathOf(config).map((folder) => `${folder}/${name}`);
  for (const place of places) {
    const found = await resolve(tree, place, { cwd: config.workingDir ?? '/' });
    if (found.found && found.node.kind === 'file') return place;
  }
  return undefined;
}

const pathOf = ({ env }: ProcessConfig): string[] =>
  (findVariable(env, 'PATH') ?? defaultPath).split(':').filter((folder) => folder !== '');

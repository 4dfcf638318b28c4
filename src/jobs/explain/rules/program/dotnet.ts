import { findLibrary } from '../../../../facts/loader/index.ts';
import { languageOf, type ProgramFacts } from '../../../../facts/programs/index.ts';
import { fieldReader, imagePath, isFault, parentPath } from '../../../../kit/index.ts';
import { readFile, resolve } from '../../../../rootfs/index.ts';
import type { Scene } from '../../rule.ts';

const mostBytes = 256 * 1024;
const json = fieldReader('JSON_MALFORMED', 'a runtime configuration');

/** Whether the program runs .NET: `dotnet` itself, or a program of the name of a NAME.dll or NAME.runtimeconfig.json beside it. */
export async function isDotnet({ tree }: Scene, program: ProgramFacts): Promise<boolean> {
  if ((await languageOf(program)) === 'dotnet') return true;
  const found = await resolve(tree, `${program.path}.runtimeconfig.json`);
  return found.found || (await resolve(tree, `${parentPath(program.path)}/libcoreclr.so`)).found;
}

/** `configProperties` of NAME.runtimeconfig.json, for the NAME.dll of the command or beside the program itself. */
export async function runtimeProperties(
  { tree, verdict, config }: Scene,
  program: ProgramFacts,
): Promise<Readonly<Record<string, unknown>>> {
  const dll = verdict.argv.find((word) => word.endsWith('.dll'));
  const name = dll?.slice(0, -'.dll'.length) ?? program.path;
  const path = name.startsWith('/') ? imagePath(name) : imagePath(`${config.workingDir ?? '/'}/${name}`);
  const text = await textAt(tree, `${path}.runtimeconfig.json`);
  if (text === undefined) return {};
  try {
    const options = json.object(json.object(json.parse(text), 'itself')['runtimeOptions'] ?? {}, 'runtimeOptions');
    return json.object(options['configProperties'] ?? {}, 'configProperties');
  } catch (error) {
    if (!isFault(error, 'JSON_MALFORMED')) throw error;
    return {};
  }
}

async function textAt(tree: Scene['tree'], path: string): Promise<Buffer | undefined> {
  const found = await resolve(tree, path);
  if (!found.found || found.node.kind !== 'file' || found.node.sizeBytes > mostBytes) return undefined;
  return readFile(tree, found.path, mostBytes);
}

/** Whether a library of one of these releases is found as dlopen would. */
export async function hasRelease(
  { closure }: ProgramFacts,
  base: string,
  releases: readonly (string | number)[],
): Promise<boolean> {
  for (const release of releases) if ((await findLibrary(closure, `${base}.so.${release}`)).found) return true;
  return false;
}

export const isOn = (value: unknown): boolean => value === true || value === 'true' || value === '1';

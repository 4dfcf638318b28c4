import { commandOf } from '../../facts/start/index.ts';
import { emptyProcessConfig, formatPlatform, type ProcessConfig } from '../../formats/oci/index.ts';
import { defaultPath, findVariable } from '../../formats/runtime/index.ts';
import { openImage, type Place, parsePlace } from '../../image/index.ts';
import { Fault } from '../../kit/index.ts';
import { type FileTree, hostTree, resolve, subjectOf, treeOf, withProgram } from '../../rootfs/index.ts';
import type { LddOptions } from './types.ts';

/** The files that are asked about, and the one among them. */
export interface LddGround {
  readonly tree: FileTree;
  readonly platform: string | null;
  /** `NAME=value` of the process. */
  readonly env: readonly string[];
  /** What the question is about: a path, or a name for PATH. */
  readonly command: string;
  readonly cwd: string;
  close(): void;
}

type Files = Pick<LddGround, 'tree' | 'platform' | 'close'> & { readonly config: ProcessConfig };

/** Opens what `text` names. @throws {Fault} OPTION_INVALID, FILE_NOT_FOUND; those of openImage and treeOf */
export async function openGround(text: string, options: LddOptions): Promise<LddGround> {
  const subject = await subjectOf(text, options);
  if (subject.kind === 'program') return programGround(subject.path, options);
  if (options.in !== undefined) {
    throw new Fault('OPTION_INVALID', `${text} is a place, and --in is for a program that is not in one`, {
      hint: 'Leave --in out, or name a program of this machine.',
    });
  }
  const files = await openFiles(subject.kind === 'directory' ? parsePlace(text) : subject.place, options);
  const command = options.path ?? commandOf(files.config)[0];
  if (command !== undefined) return groundOf(files, command, options);
  files.close();
  throw new Fault('OPTION_INVALID', `${text} names no command`, { hint: 'Name the file in it that you ask about.' });
}

async function programGround(path: string, options: LddOptions): Promise<LddGround> {
  if (options.path !== undefined) {
    throw new Fault('OPTION_INVALID', `${path} is a program, in which there is no ${options.path}`, {
      hint: 'Name one file, or a place and a path in it.',
    });
  }
  const config = { ...emptyProcessConfig, env: options.ownEnv ?? [], workingDir: options.cwd ?? '/' };
  const host: Files = { tree: hostTree('/'), platform: null, config, close: () => {} };
  if (options.in === undefined) return groundOf(host, path, options);
  const found = await resolve(host.tree, path);
  if (!found.found) throw new Fault('FILE_NOT_FOUND', `${path} is not there`, { hint: 'Check the path.' });
  const files = await openFiles(parsePlace(options.in), options);
  return groundOf({ ...files, tree: await withProgram(files.tree, found.path, found.node) }, found.path, options);
}

async function openFiles(place: Place, options: LddOptions): Promise<Files> {
  if (place.kind === 'rootfs') {
    return { tree: hostTree(place.path), platform: null, config: emptyProcessConfig, close: () => {} };
  }
  const { machine, platform = machine, signal } = options;
  const image = await openImage(place, { ...options, platform });
  const config = image.config.value.process;
  options.onProgress?.('reading the layers');
  const wanted = [options.path ?? commandOf(config)[0] ?? ''];
  const tree = await treeOf(image, { keep: 'facts', wanted, ...(signal && { signal }) });
  return { tree, platform: formatPlatform(image.platform), config, close: () => tree.close() };
}

function groundOf({ tree, platform, close, config }: Files, command: string, { env = [] }: LddOptions): LddGround {
  return { tree, platform, close, env: [...config.env, ...env], command, cwd: config.workingDir ?? '/' };
}

/** The directories in which a name without a slash is looked for. */
export const searchPathOf = (env: readonly string[]): string[] =>
  (findVariable(env, 'PATH') ?? defaultPath).split(':').filter((folder) => folder !== '');

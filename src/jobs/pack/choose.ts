import { type Needs, needsOf } from '../../facts/needs/index.ts';
import type { Platform, ProcessConfig } from '../../formats/oci/index.ts';
import type { Image } from '../../image/index.ts';
import type { ImagePath } from '../../kit/index.ts';
import { type FileTree, overlay, selectFiles } from '../../rootfs/index.ts';
import { withCapabilities } from './capabilities.ts';
import { type Ground, openBase, openGround } from './place.ts';
import { platformOfProgram } from './platform.ts';
import { environmentOf, processOf } from './process.ts';
import { findProgram } from './program.ts';
import { withoutUnreadable } from './readable.ts';
import { rehoused } from './rehouse.ts';
import { reproducible } from './reproducible.ts';
import { withoutTraces } from './traces.ts';
import type { PackOptions } from './types.ts';

/** What pack has decided, before anything is written. */
export interface Chosen {
  /** Where the program was found. */
  readonly program: ImagePath;
  /** The program's path in the image. */
  readonly path: ImagePath;
  readonly platform: Platform;
  /** Everything there is: where the program comes from. */
  readonly source: Ground;
  readonly base: Ground & { readonly image: Image };
  readonly needs: Needs;
  /** What the image will show: the base with what is needed laid over it. */
  readonly packed: FileTree;
  readonly process: ProcessConfig;
}

/** Finds the program and everything that it needs. Nothing is written. @throws {Fault} PROGRAM_NOT_FOUND */
export async function choose(program: string, options: PackOptions): Promise<Chosen> {
  const { from = 'rootfs:/', cwd = '/', args = [], process: patch = {} } = options;
  const ground = await openGround(from, options);
  const before = environmentOf(ground.process);
  const found = await findProgram(ground.tree, program, {
    cwd: ground.directory === '/' ? cwd : '/',
    path: before['PATH'],
  });
  const platform = await platformOfProgram(ground.tree, found, ground.platform ?? options.platform);
  const base = await openBase(options.base, platform, options);
  const processAt = (path: ImagePath) =>
    processOf(options.base === undefined ? ground.process : base.process, { path, args }, patch);
  const find = (tree: FileTree, path: ImagePath) => needsOf(tree, path, needsOptions(processAt(path), options));
  const { path, tree, needs: all } = await rehoused({ ground, program: found, find });
  const clean = await withoutTraces(tree, all);
  const needs = isRoot() || ground.directory === undefined ? clean : await withoutUnreadable(tree, clean);
  const complete = ground.directory === undefined ? tree : await withCapabilities(tree, ground.directory, needs.needs);
  const paths = needs.needs.map(({ path: needed }) => needed);
  const chosen = overlay(selectFiles(complete, paths), needs.added);
  return {
    program: found,
    path,
    platform,
    source: { ...ground, tree },
    base,
    needs,
    packed: overlay(base.tree, reproducible(chosen, options.timeSeconds ?? 0, ground.directory !== undefined)),
    process: processAt(path),
  };
}

/** Root reads everything, so nothing has to be tried. */
const isRoot = (): boolean => process.geteuid?.() === 0;

const needsOptions = (config: ProcessConfig, { keep, include, exclude, signal }: PackOptions) => ({
  env: environmentOf(config),
  args: config.cmd ?? [],
  ...(config.user === undefined ? {} : { user: config.user }),
  ...(keep === undefined ? {} : { keep }),
  ...(include === undefined ? {} : { include }),
  ...(exclude === undefined ? {} : { exclude }),
  ...(signal === undefined ? {} : { signal }),
});

import { Fault, type ImagePath } from '../../kit/index.ts';
import { type FileTree, resolve } from '../../rootfs/index.ts';
import { Engine } from './engine.ts';
import { globsMatcher } from './globs.ts';
import { rules } from './rules/index.ts';
import { skeletonOf, skeletonWishes } from './skeleton.ts';
import type { Needs, NeedsOptions } from './types.ts';

const defaults = {
  keep: 'likely',
  env: {},
  args: [],
  user: '',
  include: [],
  exclude: [],
} as const satisfies NeedsOptions;
const neverCopied = [
  '/etc/passwd',
  '/etc/group',
  '/etc/nsswitch.conf',
  '/etc/shadow',
  '/etc/gshadow',
  '/etc/*-',
  '/etc/.pwd.lock',
  '/etc/hosts',
  '/etc/resolv.conf',
  '/etc/hostname',
  '/etc/machine-id',
  '/etc/fstab',
  '/etc/crypttab',
  '/etc/ssl/private',
  '/etc/**/ssh_host_*_key',
  '/root',
];

/**
 * Everything that a program needs in an image of its own: its libraries, what those and it read and start at run
 * time, and the little that every program counts on. Nothing is executed. Each file has a level and a reason.
 * @throws {Fault} PROGRAM_NOT_FOUND when `program` is no file of the tree.
 */
export async function needsOf(tree: FileTree, program: ImagePath, options: NeedsOptions = {}): Promise<Needs> {
  const settings = { ...defaults, ...options };
  const found = await resolve(tree, program);
  if (!found.found || found.node.kind !== 'file') {
    throw new Fault('PROGRAM_NOT_FOUND', `${program} is no file`, { hint: 'Give the path of a program.' });
  }
  const engine = new Engine(tree, found.path, rules, {
    ...settings,
    signal: options.signal,
    excludes: globsMatcher([...neverCopied, ...settings.exclude]),
  });
  await engine.take({ path: program, level: 'needed', detail: 'the program', role: 'program' }, 'program');
  for (const path of settings.include) {
    await engine.take({ path, level: 'needed', detail: 'asked for', what: 'tree', mustExist: true }, 'include');
  }
  for (const wish of skeletonWishes) await engine.take(wish, 'skeleton');
  for (const path of settings.args.filter((text) => text.startsWith('/'))) {
    await engine.take({ path, level: 'likely', detail: 'named in the arguments' }, 'argument');
  }
  await engine.run();
  const added = await skeletonOf(tree, settings.user);
  return {
    needs: engine.needs(),
    leftOut: engine.leftOut(),
    missing: engine.missing,
    added: added.tree,
    addedFiles: added.files,
    notes: [...engine.scene.notes],
  };
}

import { findUser } from '../../../../facts/users/index.ts';
import { mayExecute, mayRead, type Resolution, readFile, resolve } from '../../../../rootfs/index.ts';
import type { Scene } from '../../rule.ts';

type Found = Extract<Resolution, { found: true }>;

/** What docker mounts into every container, whatever the image has there. */
const mounted = /^\/(proc|sys|dev)(\/|$)|^\/etc\/(hosts|hostname|resolv\.conf)$/;

const mostText = 256 * 1024;

/** The file or directory that a path of the process leads to; a relative one begins in its working directory. */
export async function find(scene: Scene, path: string): Promise<Found | undefined> {
  const found = await resolve(scene.tree, path, { cwd: directoryOf(scene) });
  return found.found ? found : undefined;
}

/** Whether the process finds something at `path`: in the image, or what docker mounts. */
export const exists = async (scene: Scene, path: string): Promise<boolean> =>
  mounted.test(path) || (await find(scene, path)) !== undefined;

/** Where the process starts; docker makes the directory when the image does not have it. */
export const directoryOf = ({ config }: Pick<Scene, 'config'>): string => config.workingDir || '/';

/** Whether the process may read the file that `path` leads to, and it is there. */
export async function isReadable(scene: Scene, path: string): Promise<boolean> {
  const found = await resolve(scene.tree, path, { cwd: directoryOf(scene), ...asked(scene) });
  return (
    found.found &&
    found.node.kind === 'file' &&
    (scene.verdict.as === undefined || mayRead(found.node, scene.verdict.as))
  );
}

/** The command line of the program that stays, where launchers and scripts before it are known; else that of the container. */
export function wordsOf({ verdict, program }: Pick<Scene, 'verdict' | 'program'>): readonly string[] {
  const argv = verdict.chain.findLast(({ path }) => path === program?.path)?.argv ?? [];
  return argv.length > 1 ? argv : verdict.argv;
}

/** Whether the command line or the environment names a server to be asked over TLS. */
export const namesServer = (scene: Scene): boolean =>
  [...scene.verdict.argv, ...wordsOf(scene), ...scene.config.env].some((word) => overTls.test(word));

const overTls = /(^|[=\s'"])(https|wss|ldaps|amqps|rediss|mqtts):\/\//;

/** The names in a directory; none where there is no such directory. */
export async function namesIn(scene: Scene, path: string): Promise<readonly string[]> {
  const found = await find(scene, path);
  return found?.node.kind === 'directory' ? scene.tree.list(found.path) : [];
}

/** A small file as text; undefined when it is not there or larger than what people write. */
export async function readText(scene: Scene, path: string): Promise<string | undefined> {
  const found = await find(scene, path);
  if (found?.node.kind !== 'file' || found.node.sizeBytes > mostText) return undefined;
  return (await readFile(scene.tree, found.path, mostText))?.toString('utf8');
}

/** The first executable file of that name in PATH, or the one that a name with a slash leads to. */
export async function findCommand(scene: Scene, name: string): Promise<Found | undefined> {
  const folders = name.includes('/') ? [''] : (scene.env.get('PATH') ?? '').split(':');
  for (const folder of folders) {
    const path = name.includes('/') ? name : `${folder === '' ? '.' : folder}/${name}`;
    const found = await resolve(scene.tree, path, { cwd: directoryOf(scene), ...asked(scene) });
    if (found.found && found.node.kind === 'file' && mayExecute(found.node, scene.verdict.as ?? root)) return found;
  }
  return undefined;
}

/** Whether the process may make files in a directory that is there. Read-only mounts are not known. */
export async function mayWriteIn(scene: Scene, directory: string): Promise<boolean> {
  const found = await resolve(scene.tree, directory, { cwd: directoryOf(scene), ...asked(scene) });
  if (!found.found || found.node.kind !== 'directory') return false;
  const { uid, gids } = scene.verdict.as ?? root;
  const { node } = found;
  if (uid === 0) return true;
  const shift = node.uid === uid ? 6 : gids.includes(node.gid) ? 3 : 0;
  return ((node.mode >> shift) & 3) === 3;
}

/** HOME as the engine sets it: the config's, else that of the user's account, else the root. */
export async function homeOf({ tree, config, env }: Scene): Promise<string> {
  const set = env.get('HOME');
  if (set) return set;
  const user = await findUser(tree, config.user ?? '');
  return user.found ? user.home : '/';
}

/** Whether the process is not root's. */
export const isUnprivileged = ({ verdict }: Scene): boolean => verdict.as !== undefined && verdict.as.uid !== 0;

const root = { uid: 0, gids: [0] };

const asked = ({ verdict }: Scene) => (verdict.as === undefined ? {} : { as: verdict.as });

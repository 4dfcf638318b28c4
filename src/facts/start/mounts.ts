import { baseName, type ImagePath, imagePath, parentPath, rootPath } from '../../kit/index.ts';
import { type FileNode, type FileTree, type LiteralNode, literalTree, resolve } from '../../rootfs/index.ts';

const device = (major: number, minor: number): LiteralNode => ({
  kind: 'character-device',
  mode: 0o666,
  device: { major, minor },
});
const readOnly: LiteralNode = { mode: 0o444 };

/** What runc mounts and makes, as far as a command could lead there; processes' own directories are left out. */
const mounted = literalTree({
  '/dev/null': device(1, 3),
  '/dev/zero': device(1, 5),
  '/dev/full': device(1, 7),
  '/dev/random': device(1, 8),
  '/dev/urandom': device(1, 9),
  '/dev/tty': device(5, 0),
  '/dev/ptmx': { linkTarget: 'pts/ptmx' },
  '/dev/pts/ptmx': device(5, 2),
  '/dev/shm/': { mode: 0o1777 },
  '/dev/mqueue/': { mode: 0o1777 },
  '/dev/fd': { linkTarget: '/proc/self/fd' },
  '/dev/stdin': { linkTarget: '/proc/self/fd/0' },
  '/dev/stdout': { linkTarget: '/proc/self/fd/1' },
  '/dev/stderr': { linkTarget: '/proc/self/fd/2' },
  ...Object.fromEntries(['0', '1', '2'].map((name) => [`/proc/self/fd/${name}`, { kind: 'fifo', mode: 0o600 }])),
  '/proc/self/mounts': readOnly,
  ...Object.fromEntries(['self', 'thread-self', '1'].map((name) => [`/proc/${name}/root`, { linkTarget: '/' }])),
  '/proc/mounts': { linkTarget: 'self/mounts' },
  '/proc/sys/': {},
  ...Object.fromEntries(
    'cmdline cpuinfo filesystems loadavg meminfo stat swaps uptime version'
      .split(' ')
      .map((name) => [`/proc/${name}`, readOnly]),
  ),
  '/sys/': {},
});

/** Files that the engine puts in the place of the image's, and the link that it makes. */
const engines = literalTree({
  '/etc/hosts': '127.0.0.1\tlocalhost\n',
  '/etc/hostname': 'localhost\n',
  '/etc/resolv.conf': '\n',
  '/etc/mtab': { linkTarget: '/proc/mounts' },
  '/.dockerenv': { mode: 0o755 },
});
const enginesFiles = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/etc/mtab', '/.dockerenv'];

/** Deeper than a path can be long. */
const mostMade = 2100;

/** What only a running container has: nothing is said of it. */
export const isOfProcesses = (path: string): boolean =>
  /^\/proc\/(self|thread-self|\d+)(\/|$)/.test(path) ||
  /^\/sys\/(block|bus|class|dev|devices|firmware|fs|hypervisor|kernel|module|power)(\/|$)/.test(path);

/**
 * `tree` as a container sees it that docker made: /proc, /sys and /dev are mounted over, a file or link in the place of
 * /etc gives way to a directory, /etc/hosts and its like are the engine's unless they are directories, and / can be
 * searched by all.
 */
export function containerView(tree: FileTree): FileTree {
  const view = views.get(tree) ?? makeView(tree);
  views.set(tree, view);
  return view;
}

/** One for each tree, so that what others remember of a view is found again. */
const views = new WeakMap<FileTree, FileTree>();

function makeView(tree: FileTree): FileTree {
  const own = (path: ImagePath) => ownNode(tree, path);
  return {
    lookup: async (path) => (isMounted(path) ? mounted.lookup(path) : own(path)),
    list: async (path) => {
      if (isMounted(path)) return mounted.list(path);
      const names =
        (await own(path))?.kind === 'directory' && (await hasOwnEtc(tree, path)) ? await tree.list(path) : [];
      const added = path === '/' ? ['dev', 'etc', 'proc', 'sys'] : enginesNamesIn(path);
      return added.length === 0 ? names : [...new Set([...names, ...added])].sort();
    },
  };
}

/** `tree` with the directories that the engine makes on the way to a working directory that is not there. */
export async function withWorkingDirectory(tree: FileTree, cwd: string): Promise<FileTree> {
  const made = new Set<ImagePath>();
  const view: FileTree = {
    lookup: async (path) => (await tree.lookup(path)) ?? (made.has(path) ? engines.lookup(rootPath) : undefined),
    list: async (path) => {
      const names = await tree.list(path);
      const added = [...made].filter((directory) => parentPath(directory) === path).map(baseName);
      return added.length === 0 ? names : [...new Set([...names, ...added])].sort();
    },
  };
  for (let left = mostMade; left > 0; left--) {
    const found = await resolve(view, cwd);
    if (found.found || found.problem !== 'missing') break;
    made.add(found.at);
  }
  return made.size === 0 ? tree : view;
}

const isMounted = (path: string): boolean => /^\/(proc|sys|dev)(\/|$)/.test(path);

const enginesNamesIn = (path: ImagePath): string[] =>
  enginesFiles
    .map(imagePath)
    .filter((file) => parentPath(file) === path)
    .map(baseName);

async function ownNode(tree: FileTree, path: ImagePath): Promise<FileNode | undefined> {
  const node = await tree.lookup(path);
  if (path === '/') return node && { ...node, mode: 0o755 };
  if (!isEngines(path)) return node;
  if (path === '/etc') return node?.kind === 'directory' ? node : engines.lookup(path);
  if (!(await hasOwnEtc(tree, path))) return engines.lookup(path);
  const made = await engines.lookup(path);
  return made === undefined || node?.kind === 'directory' ? node : made;
}

const isEngines = (path: string): boolean => path === '/etc' || path.startsWith('/etc/') || path === '/.dockerenv';

/** Whether what `path` names below /etc is the image's: nothing is where /etc was no directory. */
async function hasOwnEtc(tree: FileTree, path: ImagePath): Promise<boolean> {
  if (!/^\/etc(\/|$)/.test(path)) return true;
  return (await tree.lookup(imagePath('/etc')))?.kind === 'directory';
}

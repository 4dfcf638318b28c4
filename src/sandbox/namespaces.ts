import { statSync } from 'node:fs';
import type { RuntimeSpec, SpecMount } from '../formats/runtime/index.ts';
import { type FileTree, hostTree } from '../rootfs/index.ts';
import { mountTarget } from './mount-target.ts';
import { keepErrors, restoreErrors, shellQuote, shellWords } from './script.ts';

/** What the plain namespaces leave out of a spec, for the note that a person gets. */
export const namespacesNote = 'the program runs in plain namespaces, without seccomp, cgroup limits and device rules';

export interface NamespacesSettings {
  readonly spec: RuntimeSpec;
  /** The image's files. */
  readonly rootDirectory: string;
  readonly home: string;
  /** Where the first process writes its number. */
  readonly pidPath: string;
  /** Absolute paths of the host. */
  readonly setpriv: string;
  readonly unshare: string;
  /** Whether setgroups(2) is refused, as in a user namespace of a single id. */
  readonly keepGroups: boolean;
}

/** The flags of unshare(1) for the namespaces of a spec. */
export const unshareFlags = (spec: RuntimeSpec): readonly string[] => [
  '--mount',
  '--uts',
  '--ipc',
  '--pid',
  ...(spec.linux.namespaces.some(({ type }) => type === 'network') ? ['--net'] : []),
];

/**
 * A shell whose only child is the first process of a new pid namespace, and which exits as that does:
 * unshare(1)'s own --fork says 1 when its child was killed.
 */
export const firstProcess = (sh: string, script: string): string =>
  // A trap, unlike a signal that is ignored, is not handed on to the program.
  `trap : INT QUIT HUP TERM USR1 USR2\n${keepErrors}\n${shellWords([sh, '-c', script])}\nexit $?`;

/**
 * Shell commands that do with mount(8), setpriv(1) and unshare(1) what an OCI runtime would do for `spec`,
 * once `merged` is the root file system. The root is moved over the namespace's own, so that no chroot leads out.
 */
export async function namespacesScript(settings: NamespacesSettings): Promise<string> {
  const { spec, rootDirectory } = settings;
  const tree = hostTree(rootDirectory);
  const lines = ['mountpoint -q merged || mount -n --bind merged merged', 'cd merged'];
  for (const mount of spec.mounts) {
    if (mount.type === 'cgroup') continue;
    lines.push(...mountLines(mount, await targetOf(tree, mount.destination)));
    if (mount.destination === '/dev') lines.push(...deviceLines);
  }
  // Programs ask by name which terminal they have: the host's names are not seen in the new /dev/pts.
  if (spec.process.terminal)
    lines.push('{ tty=$(tty) && : >dev/console && mount -n --bind "$tty" dev/console || true; }');
  lines.push(...(await hiding(tree, spec)));
  const { cwd } = spec.process;
  lines.push(`mkdir -p ${await targetOf(tree, cwd)}`);
  lines.push(`{ hostname ${shellQuote(spec.hostname)} || true; }`);
  lines.push('{ ip link set lo up || true; }');
  if (spec.root.readonly) lines.push('mount -n -o remount,bind,ro .');
  // The host's /proc still shows this shell under the number that the host knows it by.
  lines.push('read -r stat </proc/self/stat', 'mount -n --move . /', `echo "$stat" >${shellQuote(settings.pidPath)}`);
  return [...lines, ...restoreErrors, `exec ${shellWords(startOf(settings))}`].join(' &&\n');
}

const targetOf = async (tree: FileTree, path: string): Promise<string> =>
  shellQuote(`.${await mountTarget(tree, path)}`);

function mountLines({ type, source, options }: SpecMount, target: string): string[] {
  if (type === 'bind' || options.includes('rbind')) return bindLines(source, target, options.includes('ro'));
  const words = options.filter((option) => option !== 'rprivate').join(',');
  const mount = `mount -n -t ${type} -o ${shellQuote(words)} ${shellQuote(source)} ${target}`;
  return [`mkdir -p ${target}`, type === 'mqueue' ? `{ ${mount} || true; }` : mount];
}

function bindLines(source: string, target: string, readOnly: boolean): string[] {
  const isDirectory = statSync(source, { throwIfNoEntry: false })?.isDirectory() === true;
  const make = isDirectory
    ? `mkdir -p ${target}`
    : `{ mkdir -p "$(dirname ${target})" && { [ -e ${target} ] || : >${target}; }; }`;
  return [
    make,
    `mount -n --rbind ${shellQuote(source)} ${target}`,
    ...(readOnly ? [`mount -n -o remount,bind,ro ${target}`] : []),
  ];
}

const deviceLines: readonly string[] = [
  'for n in null zero full random urandom tty; do : >dev/$n && mount -n --bind /dev/$n dev/$n || exit 125; done',
  'ln -s /proc/self/fd dev/fd',
  'ln -s /proc/self/fd/0 dev/stdin',
  'ln -s /proc/self/fd/1 dev/stdout',
  'ln -s /proc/self/fd/2 dev/stderr',
  'ln -s pts/ptmx dev/ptmx',
];

async function hiding(tree: FileTree, { linux }: RuntimeSpec): Promise<string[]> {
  const inside = async (paths: readonly string[]) =>
    (await Promise.all(paths.map((path) => targetOf(tree, path)))).join(' ');
  return [
    `for p in ${await inside(linux.maskedPaths)}; do if [ -d $p ]; then mount -n -t tmpfs -o ro,size=0 tmpfs $p; elif [ -e $p ]; then mount -n --bind /dev/null $p; fi || exit 125; done`,
    `for p in ${await inside(linux.readonlyPaths)}; do if [ -e $p ]; then mount -n --bind $p $p && mount -n -o remount,bind,ro,nosuid,nodev,noexec $p; fi || exit 125; done`,
  ];
}

/** From here on nothing of the host is reached but these programs themselves, which are open already. */
function startOf({ spec, home, setpriv, unshare, keepGroups }: NamespacesSettings): string[] {
  const { user, capabilities, noNewPrivileges, env, args, cwd } = spec.process;
  const bounding = ['-all', ...capabilities.bounding.map((name) => `+${name.slice(4).toLowerCase()}`)].join(',');
  const groups = keepGroups ? ['--keep-groups'] : ['--groups', user.additionalGids.join(',')];
  const values = env.some((entry) => entry.startsWith('HOME=')) ? env : [...env, `HOME=${home}`];
  return [
    ...[setpriv, '--regid', `${user.gid}`, ...groups, '--bounding-set', bounding],
    ...(noNewPrivileges ? ['--no-new-privs'] : []),
    ...['--', 'env', '-i', ...values],
    ...[unshare, '--root=.', `--wd=${cwd}`, ...(user.uid === 0 ? [] : ['-S', `${user.uid}`]), '--', ...args],
  ];
}

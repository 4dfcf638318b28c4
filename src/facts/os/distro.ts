import type { ImagePath } from '../../kit/index.ts';
import { type FileTree, resolve } from '../../rootfs/index.ts';
import { readSmall } from '../read.ts';
import { type OsRelease, parseOsRelease, printable, readOsRelease } from './os-release.ts';

export interface Distro {
  /** `debian 12`, `alpine 3.20.1`, `arch`. */
  readonly id: string;
  /** PRETTY_NAME, or the line of the file that names it. */
  readonly name: string | undefined;
  /** The file that says so. */
  readonly path: ImagePath;
}

const limitBytes = 64 * 1024;

/** The distribution by os-release, else by the files that each kind left before there was one. */
export async function findDistro(tree: FileTree): Promise<Distro | undefined> {
  const release = await readOsRelease(tree);
  if (release !== undefined && idOf(release) !== '') return fromOsRelease(tree, release);
  return findOlder(tree);
}

const idOf = ({ fields }: OsRelease): string => tidyId(fields.get('ID') ?? fields.get('NAME') ?? '');

/** ID is lower-case, without spaces (os-release(5)). */
const tidyId = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-|-$/g, '');

async function fromOsRelease(tree: FileTree, release: OsRelease): Promise<Distro> {
  const id = idOf(release);
  const version =
    release.fields.get('VERSION_ID') || (id === 'debian' ? await firstLine(tree, '/etc/debian_version') : '');
  const name = release.fields.get('PRETTY_NAME') ?? release.fields.get('NAME');
  return { id: joined(id, version), name: name === '' ? undefined : name, path: release.path };
}

const joined = (id: string, version: string | undefined): string => (version ? `${id} ${version}` : id);

interface OlderSign {
  readonly path: string;
  /** The distribution by the file's text; undefined when the text is another's. */
  read(line: string, text: string): string | undefined;
}

const versionIn = (line: string): string => /\d+(?:\.\d+)*/.exec(line)?.[0] ?? '';

const olderSigns: readonly OlderSign[] = [
  { path: '/etc/alpine-release', read: (line) => joined('alpine', line) },
  {
    path: '/etc/lsb-release',
    read: (_, text) => {
      const fields = parseOsRelease(text);
      const id = tidyId(fields.get('DISTRIB_ID') ?? '');
      return id === '' ? undefined : joined(id, fields.get('DISTRIB_RELEASE'));
    },
  },
  { path: '/etc/fedora-release', read: (line) => joined('fedora', versionIn(line)) },
  { path: '/etc/oracle-release', read: (line) => joined('ol', versionIn(line)) },
  { path: '/etc/centos-release', read: (line) => joined('centos', versionIn(line)) },
  { path: '/etc/redhat-release', read: (line) => joined(/centos/i.test(line) ? 'centos' : 'rhel', versionIn(line)) },
  { path: '/etc/system-release', read: (line) => joined(tidyId(line.split(' ')[0] ?? ''), versionIn(line)) },
  { path: '/etc/SuSE-release', read: (line) => joined(/opensuse/i.test(line) ? 'opensuse' : 'sles', versionIn(line)) },
  { path: '/etc/arch-release', read: () => 'arch' },
  { path: '/etc/gentoo-release', read: (line) => joined('gentoo', versionIn(line)) },
  { path: '/etc/slackware-version', read: (line) => joined('slackware', versionIn(line)) },
  { path: '/etc/openwrt_version', read: (line) => joined('openwrt', line) },
  { path: '/etc/debian_version', read: (line) => joined('debian', line) },
];

async function findOlder(tree: FileTree): Promise<Distro | undefined> {
  for (const { path, read } of olderSigns) {
    const text = (await readSmall(tree, path, limitBytes))?.toString('utf8');
    if (text === undefined) continue;
    const line = lineOf(text);
    const id = read(line, text);
    if (id !== undefined && id !== '')
      return { id: printable(id), name: line === '' ? undefined : line, path: path as ImagePath };
  }
  return findNix(tree);
}

async function findNix(tree: FileTree): Promise<Distro | undefined> {
  const store = await resolve(tree, '/nix/store');
  if (!store.found || store.node.kind !== 'directory') return undefined;
  return { id: 'nixos', name: undefined, path: store.path };
}

async function firstLine(tree: FileTree, path: string): Promise<string> {
  return lineOf((await readSmall(tree, path, limitBytes))?.toString('utf8') ?? '');
}

const lineOf = (text: string): string => printable(text.split('\n', 1)[0] ?? '');

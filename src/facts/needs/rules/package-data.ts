import type { ImagePath } from '../../../kit/index.ts';
import { isCommandPath, type Related, type Relation } from '../related.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Subject } from '../subject.ts';

/** What packages install for people, other programs and the system around, and no program reads of its own. */
const notForPrograms =
  /^\/usr\/(local\/)?(include|src|share\/(doc|man|info|doc-base|lintian|bug|locale|bash-completion|zsh|fish|applications|icons|pixmaps|metainfo|appdata|menu|apport|polkit-1|gtk-doc|help|omf|pkgconfig|aclocal|reportbug|linda|perl5\/Debian))\/|^(\/usr)?\/lib\/(systemd|udev|sysusers\.d|tmpfiles\.d|modules|firmware|pkgconfig|[\w-]+\/pkgconfig)\/|^\/etc\/(init\.d|init|rc\.\w+|cron\.\w+|logrotate\.d|bash_completion\.d|apparmor\.d|ufw|udev|systemd|X11\/Xsession\.d|profile\.d|dbus-1|sysctl\.d|insserv\.conf\.d|update-motd\.d|apport|kernel|dhcp|network\/if-[\w-]+\.d|ppp\/ip-[\w-]+\.d)\/|^\/usr\/share\/dbus-1\/|\.(h|a|pc)$/;
/** Small enough to come along without a word in the program about it. */
const smallBytes = 16 * 1024;

/** Configuration, shared data and plug-ins of the package that a program came with. */
export const packageData: Rule = {
  name: 'package-data',
  async wishesOf(subject, scene) {
    if (subject.role !== 'program') return [];
    const related = await scene.relatedTo(subject.path);
    if (related === undefined || !isFirst(related, subject, scene)) return [];
    const wishes: Wish[] = [];
    const mentioned = await mentionedIn(subject);
    for (const relation of subject.depth === 0 ? (['own', 'sibling', 'kin'] as const) : (['own'] as const)) {
      for (const path of await related.files(relation)) {
        const wish = await wishFor(path, { subject, related, relation, scene, mentioned });
        if (wish !== undefined) wishes.push(wish);
      }
    }
    return wishes;
  },
};

/** Once for each package among the programs that are started by others: they share their data. */
function isFirst({ owner }: Related, { depth }: Subject, scene: Scene): boolean {
  const isNew = !scene.packagesWithData.has(owner);
  scene.packagesWithData.add(owner);
  return isNew || depth === 0;
}

interface About {
  readonly subject: Subject;
  readonly related: Related;
  readonly relation: Relation;
  readonly scene: Scene;
  readonly mentioned: (path: string) => boolean;
}

async function wishFor(path: ImagePath, { related, relation, scene, mentioned }: About): Promise<Wish | undefined> {
  if (notForPrograms.test(path) || isCommandPath(path) || isSharedLibrary(path)) return undefined;
  const node = await scene.tree.lookup(path);
  if (node === undefined) return undefined;
  const detail =
    relation === 'own'
      ? `data of its package ${related.owner.name}`
      : `data of a package from the same source as ${related.owner.name}`;
  if (node.kind === 'directory') return folder(path, detail, related);
  const isConfiguration = path.startsWith('/etc/');
  const isLikely =
    (relation === 'own' && node.sizeBytes <= smallBytes) || (relation !== 'kin' && isConfiguration) || mentioned(path);
  const wish: Wish = { path, level: isLikely ? 'likely' : 'possible', detail };
  return isConfiguration && (node.mode & 0o111) === 0 ? { ...wish, role: 'configuration' } : wish;
}

/** Directories that it may write to come empty; those of its configuration with what an administrator put there. */
function folder(path: ImagePath, detail: string, { owner }: Related): Wish | undefined {
  if (!isOwnFolder(path)) return undefined;
  const name = /^\/etc\/([^/.]+)/.exec(path)?.[1] ?? '/';
  const isItsOwn = owner.name.includes(name) || name.includes(owner.source);
  return isItsOwn ? { path, level: 'likely', detail, what: 'tree' } : { path, level: 'likely', detail };
}

/** A library for everyone comes through the closure of those that use it, never because of its package. */
const isSharedLibrary = (path: string): boolean =>
  /^(\/usr)?\/lib(32|64)?\/([\w-]+-linux-[\w-]+\/)?lib[^/]+\.so[\d.]*$/.test(path);

/** Empty directories that it may write to, and its own places; not those that every package has. */
const isOwnFolder = (path: string): boolean =>
  /^\/(var|srv|opt|run)\/[^/]+\/.*[^/]$/.test(path) || (/^\/etc\/[^/]/.test(path) && !isSharedConfiguration(path));

/** Directories of /etc into which many packages put their files. */
export const isSharedConfiguration = (path: string): boolean =>
  /^\/etc\/(default|init|init\.d|cron\.\w+|logrotate\.d|pam\.d|apparmor|apparmor\.d|systemd|udev|X11|xdg|dbus-1|profile\.d|ld\.so\.conf\.d|mod\w+\.d|sysctl\.d|rc\w\.d|skel|security|ssl|alternatives|bash_completion\.d|network|ppp|dhcp|emacs|terminfo|perl|python3|apt|dpkg|opt|rsyslog\.d|sudoers\.d|kernel|update-motd\.d|sv|runit|fonts|ca-certificates|java|php|ufw|selinux|sensors\.d|modules-load\.d)(\/|$)|^\/etc$/.test(
    path,
  );

/** Whether the program's strings name a file, or a directory above it that is not everyone's. */
async function mentionedIn(subject: Subject): Promise<(path: string) => boolean> {
  const folders = new Set(await subject.absolutePaths());
  const components = await subject.components();
  return (path) => {
    const parts = path.split('/');
    for (let depth = parts.length; depth > 4; depth--) if (folders.has(parts.slice(0, depth).join('/'))) return true;
    const own = parts.slice(0, 4).join('/');
    if (parts.length > 4 && !/^\/usr\/lib\/[\w-]+-linux-[\w-]+$/.test(own) && folders.has(own)) return true;
    const name = parts.at(-1) ?? '';
    if (name.length > 5 && components.has(name)) return true;
    return parts.slice(4, -1).some((part) => part.length > 8 && !part.includes('linux') && components.has(part));
  };
}

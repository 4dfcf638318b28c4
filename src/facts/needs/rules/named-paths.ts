import type { ImagePath } from '../../../kit/index.ts';
import { isCommandPath } from '../related.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Subject } from '../subject.ts';
import { isSharedConfiguration } from './package-data.ts';

/** Documentation, and what other rules decide about with more knowledge. */
const elsewhere =
  /^\/usr\/share\/(doc|man|info|locale|zoneinfo|fonts|terminfo|i18n|dbus-1|polkit-1|bash-completion)(\/|$)|^(\/usr)?\/lib\/(systemd|udev|sysusers\.d|tmpfiles\.d|modules|firmware|modprobe\.d|sysctl\.d|environment\.d|kernel)(\/|$)|^\/usr\/lib\/[\w-]+\/systemd(\/|$)|^(\/usr)?\/lib\/terminfo(\/|$)|^\/usr\/lib\/locale(\/|$)|^\/etc\/(ssl|pki|shadow|gshadow|passwd|group|nsswitch\.conf|hosts|resolv\.conf|hostname|ld\.so\.[\w.]+|mtab|localtime|shadow-|gshadow-|passwd-|group-)(\/|$)|\/gconv(\/|$)/;
const mostBytes = 64 * 1024 * 1024;

/** Absolute paths in the strings of a program or library that exist in the tree. */
export const namedPaths: Rule = {
  name: 'named-path',
  async wishesOf(subject, scene) {
    const wishes: Wish[] = [];
    if ((await subject.elf()) === undefined) return wishes;
    for (const path of await subject.absolutePaths()) {
      const wish = await wishFor(path, subject, scene);
      if (wish !== undefined) wishes.push(wish);
      if (/^\/usr\/(share|lib)\/[^/]+\/[^/.]+$/.test(path)) wishes.push(...(await completed(path, subject, scene)));
    }
    return wishes;
  },
};

/** A library may add the ending itself, as libmagic does to /usr/share/misc/magic. */
async function completed(path: string, subject: Subject, scene: Scene): Promise<Wish[]> {
  const wishes: (Wish | undefined)[] = [];
  for (const ending of ['.mgc', '.db', '.dat', '.cache']) {
    if ((await scene.find(path + ending)) !== undefined) wishes.push(await wishFor(path + ending, subject, scene));
  }
  return wishes.filter((wish) => wish !== undefined);
}

async function wishFor(path: string, subject: Subject, scene: Scene): Promise<Wish | undefined> {
  if (elsewhere.test(path) || path.split('/').length < 3) return undefined;
  const found = await scene.find(path);
  if (found === undefined) return subject.isProgram ? stateFolder(path, scene) : undefined;
  if (elsewhere.test(found.path)) return undefined;
  if (found.node.kind === 'directory') return folder(path, found.path, subject, scene);
  if (scene.chosen.has(found.path)) return undefined;
  if (found.node.kind !== 'file' || isCommandPath(found.path) || /\.so(\.[\d.]+)?$/.test(path)) return undefined;
  const relation = await (await scene.relatedTo(subject.path))?.relationTo(found.path);
  const isFree = relation !== undefined || /^\/(etc|var)\//.test(found.path);
  const isLikely =
    isFree && found.node.sizeBytes <= mostBytes && !/^\/var\/(cache|log|lib\/dpkg|lib\/apt)\//.test(found.path);
  const role = relation !== undefined && found.path.startsWith('/etc/') ? 'configuration' : 'file';
  return { path, level: isLikely ? 'likely' : 'possible', detail: 'named in it', role };
}

/** A directory must exist; what is in it comes when its package is close to the program's and it is not everyone's. */
async function folder(path: string, real: ImagePath, subject: Subject, scene: Scene): Promise<Wish | undefined> {
  const relation = await (await scene.relatedTo(subject.path))?.relationTo(real);
  if (/^\/(var|run|srv)\//.test(real)) return { path, level: 'likely', detail: 'a directory named in it' };
  if (relation === undefined && subject.isProgram && /^\/etc\/./.test(real) && !isSharedConfiguration(real)) {
    return { path, level: 'likely', detail: 'a directory named in it', what: 'tree' };
  }
  if (relation === undefined || real.split('/').length < (real.startsWith('/etc/') ? 3 : 4)) return undefined;
  const isOwn =
    relation === 'own' ||
    relation === 'sibling' ||
    ((relation === 'depends' || relation === 'kin') && subject.isProgram);
  if (!isOwn || isEveryones(real)) return { path, level: 'likely', detail: 'a directory named in it' };
  const level = relation === 'depends' && !real.startsWith('/etc/') ? 'possible' : 'likely';
  return { path: topOf(path), level, detail: `${path} is named in it`, what: 'tree' };
}

/** Of data for the program alone all: /usr/share/ghostscript for /usr/share/ghostscript/10/lib, whose neighbours it reads too. */
function topOf(path: string): string {
  const top = /^\/usr\/share\/[^/]+/.exec(path)?.[0];
  return top === undefined || isEveryones(top) ? path : top;
}

/** Directories into which many packages put their files. */
const isEveryones = (path: string): boolean =>
  /^\/usr\/(local\/)?(share|lib|libexec|src|include)(\/[\w-]+-linux-[\w-]+)?$/.test(path) ||
  /^\/usr\/(lib|share)\/(perl5?|python3|ruby|php|jvm|java|systemd|udev|applications|icons|pixmaps|mime|misc|common-licenses|tcltk|xml|sgml|X11|doc|games|cups|ssl|locale|debug|dpkg|apt)$/.test(
    path,
  ) ||
  /\/(dist-packages|site-packages|site_perl|vendor_perl|vendor_ruby|site_ruby)(\/|$)/.test(path) ||
  isSharedConfiguration(path);

/** A file that the program will make: the directory for it must be there. */
async function stateFolder(path: string, scene: Scene): Promise<Wish | undefined> {
  if (!/^\/(var|run)\/./.test(path)) return undefined;
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (parent.split('/').length < 3 && parent !== '/run') return undefined;
  return (await scene.findDirectory(parent)) === undefined
    ? undefined
    : { path: parent, level: 'likely', detail: `where it keeps ${path}` };
}

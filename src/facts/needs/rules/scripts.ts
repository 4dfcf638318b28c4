import { scanShell } from '../../shell/index.ts';
import { everyday } from '../everyday.ts';
import { isCommandPath } from '../related.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';
import type { Subject } from '../subject.ts';

const shellNames = /(^|\/)(sh|bash|dash|ash|ksh|ksh93|mksh|zsh|busybox)$/;
/** A script that may never be called does not bring a language. */
const languages = /(^|\/)(perl|python|ruby|php|tclsh|wish|java|node|guile|emacs|gcc|cc|g\+\+|make|git)[\d.]*$/;
/** They speak to an init system, an administrator or a machine, and an image has none of them. */
const managers =
  /(^|\/)(systemctl|udevadm|service|invoke-rc\.d|update-rc\.d|deb-systemd-\w+|initctl|rc-service|loginctl|journalctl|apt-get|aptitude|yum|dnf|modprobe|insmod|mount|umount|sendmail|mailx?|logger)$/;
const mostMatches = 100;
const sourceFolders = ['', '/', '/usr/share/'];

/** What a shell script calls, sources and names, found in its words without running it. */
export const scripts: Rule = {
  name: 'shell-script',
  async wishesOf(subject, scene) {
    if (!(await isShellScript(subject))) return [];
    return wishesOfText(await subject.text(), subject, scene, new Set());
  },
};

async function isShellScript(subject: Subject): Promise<boolean> {
  const program = await subject.recognised();
  if (program.kind !== 'script' || program.interpreter === undefined) return false;
  if (shellNames.test(program.interpreter)) return true;
  return /\/env$/.test(program.interpreter) && shellNames.test(program.argument?.split(/\s+/).at(-1) ?? '');
}

/** What may never happen weighs less: what a helper calls, and what a program calls that is itself only called. */
async function levelOf(name: string, subject: Subject, scene: Scene): Promise<'likely' | 'possible'> {
  if (subject.depth === 0 || everyday.has(name.slice(name.lastIndexOf('/') + 1))) return 'likely';
  if (isTooMuch(name)) return 'possible';
  if (subject.depth === 1 && subject.role === 'program') return 'likely';
  const commands = await (await scene.relatedTo(subject.path))?.commands();
  return commands?.has(name.slice(name.lastIndexOf('/') + 1)) === true ? 'likely' : 'possible';
}

/** What a script only asks for is meant when its package names that package. */
async function levelOfTested(name: string, subject: Subject, scene: Scene): Promise<'likely' | 'possible'> {
  const word = name.slice(name.lastIndexOf('/') + 1);
  const commands = await (await scene.relatedTo(subject.path))?.commands();
  return subject.depth === 0 && (everyday.has(word) || commands?.has(word) === true) ? 'likely' : 'possible';
}

const isTooMuch = (name: string): boolean => managers.test(name) || languages.test(name);

async function wishesOfText(text: string, subject: Subject, scene: Scene, read: Set<string>): Promise<Wish[]> {
  const use = scanShell(text, { ...scene.env, 0: subject.path });
  const wishes: Wish[] = [];
  for (const name of use.called) {
    wishes.push(...(await command(name, await levelOf(name, subject, scene), scene)));
  }
  for (const name of use.tested) {
    if (!use.called.has(name)) wishes.push(...(await command(name, await levelOfTested(name, subject, scene), scene)));
  }
  for (const glob of use.globs)
    for (const path of await expand(glob, scene)) wishes.push(...(await namedPath(path, subject, scene)));
  for (const path of use.paths) wishes.push(...(await namedPath(path, subject, scene)));
  for (const name of use.sourced) {
    const path = await findSourced(name, subject, scene);
    if (path === undefined || read.has(path)) continue;
    read.add(path);
    wishes.push({ path, level: 'needed', detail: `sourced as ${name}`, role: 'file' });
    const sourced = (await scene.read(path))?.toString('latin1') ?? '';
    wishes.push(...(await wishesOfText(sourced, subject, scene, read)));
  }
  return wishes;
}

async function command(name: string, level: 'likely' | 'possible', scene: Scene): Promise<Wish[]> {
  const path = name.includes('/') ? name : await scene.findCommand(name);
  if (path === undefined || !path.startsWith('/')) return [];
  const found = await scene.findFile(path);
  const isProgram = found !== undefined && (found.node.mode & 0o111) !== 0;
  return isProgram ? [{ path, level, detail: `calls ${name}`, role: 'program' }] : [];
}

async function namedPath(path: string, subject: Subject, scene: Scene): Promise<Wish[]> {
  if (/^\/(proc|dev|sys|tmp)(\/|$)/.test(path)) return [];
  const found = await scene.find(path);
  if (found === undefined || found.path === '/') return [];
  const related = await scene.relatedTo(subject.path);
  const relation = await related?.relationTo(found.path);
  const isPlain =
    found.node.kind === 'directory' || relation !== undefined || /^\/(etc|var|run|opt)\//.test(found.path);
  const isCommand = found.node.kind === 'file' && (isCommandPath(found.path) || (found.node.mode & 0o111) !== 0);
  const isHeavy = (await levelOf(found.path, subject, scene)) === 'possible' && isCommandPath(found.path);
  const level = (isPlain || isCommand) && !isHeavy ? 'likely' : 'possible';
  const isData =
    found.node.kind === 'directory' && /^(own|sibling|kin)$/.test(relation ?? '') && found.path.split('/').length > 4;
  const wish: Wish = { path, level, detail: 'named in it' };
  return [isData ? { ...wish, what: 'tree' } : wish];
}

/** The paths that a pattern stands for, some at most. */
async function expand(glob: string, scene: Scene): Promise<string[]> {
  let folders = [''];
  for (const part of glob.split('/').slice(1)) {
    const next: string[] = [];
    const pattern = new RegExp(
      `^${part
        .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    );
    for (const folder of folders) {
      const names = /[*?]/.test(part)
        ? (await scene.namesIn(folder || '/')).filter((name) => pattern.test(name))
        : [part];
      next.push(...names.map((name) => `${folder}/${name}`));
    }
    folders = next.slice(0, mostMatches);
  }
  return folders;
}

/** Beside the script, too: the folder of a name may only be known at run time. */
async function findSourced(name: string, subject: Subject, scene: Scene): Promise<string | undefined> {
  const own = subject.path.slice(0, subject.path.lastIndexOf('/') + 1);
  const beside = own + name.slice(name.lastIndexOf('/') + 1);
  const places = name.startsWith('/')
    ? [name, beside]
    : [...sourceFolders.map((folder) => folder + name), own + name, beside];
  for (const place of places) if (place.startsWith('/') && (await scene.findFile(place)) !== undefined) return place;
  return name.includes('/') ? undefined : scene.findCommand(name);
}

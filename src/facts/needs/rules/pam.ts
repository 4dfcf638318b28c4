import { imagePath } from '../../../kit/index.ts';
import { readAccounts } from '../../users/index.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';

const moduleFolders = ['/lib/security', '/lib64/security', '/usr/lib64/security', '/usr/lib/security'];
const configurations = ['/etc/security', '/etc/environment', '/etc/login.defs', '/etc/default/locale', '/etc/pam.conf'];
const deepest = 8;

/** A program that asks PAM: the stack of its service, the modules in it and what those read and start. */
export const pam: Rule = {
  name: 'pam',
  async wishesOf(subject, scene) {
    if (!subject.isProgram || (await subject.importsAny(['pam_start'])) === undefined) return [];
    const strings = await subject.strings();
    const services = (await scene.namesIn('/etc/pam.d')).filter((name) => strings.has(name) || name === 'other');
    const files = new Map<string, string>();
    for (const service of services) await readStack(service, files, scene);
    const wishes: Wish[] = [...files.keys()].map((service) => likely(`/etc/pam.d/${service}`, 'its PAM stack'));
    for (const path of configurations) wishes.push({ ...likely(path, 'modules of PAM read it'), what: 'tree' });
    for (const name of modulesIn([...files.values()])) wishes.push(...(await wishesForModule(name, scene)));
    const shell = (await readAccounts(scene.tree)).find(({ uid }) => uid === 0)?.shell;
    if (shell?.startsWith('/')) wishes.push({ ...likely(shell, "root's login shell"), role: 'program' });
    return wishes;
  },
};

/** A longer one is no setting, and its pattern would be looked for in square time. */
const longestLine = 1000;

const likely = (path: string, detail: string): Wish => ({ path, level: 'likely', detail });

async function readStack(service: string, files: Map<string, string>, scene: Scene, depth = 0): Promise<void> {
  if (files.has(service) || depth > deepest || service.includes('/')) return;
  const text = (await scene.read(`/etc/pam.d/${service}`))?.toString('utf8');
  if (text === undefined) return;
  files.set(service, text);
  for (const [, included = ''] of text.matchAll(/^(?:@include|-?\w+\s+(?:include|substack))\s+(\S+)/gm)) {
    await readStack(included, files, scene, depth + 1);
  }
}

const modulesIn = (stacks: readonly string[]): Set<string> =>
  new Set(
    stacks
      .flatMap((text) => text.split('\n'))
      .map((line) => /^[^#]*?\s([\w./-]*pam_\w+\.so)\b/.exec(line.slice(0, longestLine))?.[1])
      .filter((name) => name !== undefined),
  );

async function wishesForModule(name: string, scene: Scene): Promise<Wish[]> {
  const folders = [...scene.libraryFolders().map((folder) => `${folder}/security`), ...moduleFolders];
  const paths = name.startsWith('/') ? [name] : folders.map((folder) => `${folder}/${name}`);
  for (const path of paths) {
    if ((await scene.findFile(path)) === undefined) continue;
    const module: Wish = { ...likely(imagePath(path), 'named in its PAM stack'), role: 'module' };
    return name.endsWith('pam_unix.so')
      ? [module, likely('/usr/sbin/unix_chkpwd', 'pam_unix starts it for ordinary users')]
      : [module];
  }
  return [];
}

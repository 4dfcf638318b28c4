import { childPath, type ImagePath, imagePath } from '../../../kit/index.ts';
import { withoutPod } from '../pod.ts';
import type { Rule, Wish } from '../rule.ts';
import type { Scene } from '../scene.ts';

const mostModules = 3000;
const choosesByName =
  /\b(require\s+[\w:]*\$|eval\s+["q].{0,40}(use|require)\s+\$|load_class|use_module|Module::(Load|Runtime|Pluggable|Implementation))/;
const mostBytes = 4 * 1024 * 1024;

/** The installed modules that a perl script uses, with those that they use; what comes with perl is not counted here. */
export const perlModules: Rule = {
  name: 'perl-module',
  async wishesOf(subject, scene) {
    if ((await subject.recognised()).kind !== 'script' || subject.role === 'helper') return [];
    const text = await subject.text();
    if (!/^#!.*perl|\bexec\s+\S*perl\b|\beval\s+'exec\s+\S*perl/m.test(text.slice(0, 4096))) return [];
    const folders = await foldersOf(scene);
    const found = new Map<ImagePath, string>();
    await collect(text, { folders, found, scene });
    return [...found].flatMap(([path, name]): Wish[] => {
      const wish: Wish = { path, level: 'likely', detail: `use ${name}` };
      return path.endsWith('.so') ? [{ ...wish, role: 'module' }] : [wish];
    });
  },
};

/** Debian's and Fedora's places for modules that do not come with perl; the machine's own stand beside libraries. */
async function foldersOf(scene: Scene): Promise<ImagePath[]> {
  const folders = ['/etc/perl', '/usr/local/share/perl5', '/usr/share/perl5', '/usr/share/perl5/vendor_perl'].map(
    imagePath,
  );
  for (const folder of [...scene.libraryFolders(), imagePath('/usr/lib'), imagePath('/usr/lib64')]) {
    for (const name of await scene.namesIn(`${folder}/perl5`)) folders.push(imagePath(`${folder}/perl5/${name}`));
  }
  return folders;
}

interface Collecting {
  readonly folders: readonly ImagePath[];
  readonly found: Map<ImagePath, string>;
  readonly scene: Scene;
}

async function collect(text: string, about: Collecting): Promise<void> {
  for (const name of namesIn(text)) {
    const file = `${name.replaceAll('::', '/')}.pm`;
    for (const folder of about.folders) {
      const path = imagePath(`${folder}/${file}`);
      if (about.found.has(path) || about.found.size > mostModules) break;
      if ((await about.scene.findFile(path)) === undefined) continue;
      about.found.set(path, name);
      await compiledPart(name, folder, about);
      const module = (await about.scene.read(path, mostBytes))?.toString('latin1') ?? '';
      if (choosesByName.test(module)) await wholeFolder(path, name, about);
      await collect(module, about);
      break;
    }
  }
}

/** A module that loads others by names made at run time mostly means those below its own name. */
async function wholeFolder(module: ImagePath, name: string, about: Collecting): Promise<void> {
  const folder = imagePath(module.slice(0, -'.pm'.length));
  for (const file of await about.scene.namesIn(folder)) {
    const path = childPath(folder, file);
    if (!file.endsWith('.pm') || about.found.has(path)) continue;
    about.found.set(path, `${name}::${file.slice(0, -3)}`);
    await collect((await about.scene.read(path, mostBytes))?.toString('latin1') ?? '', about);
  }
}

/** `auto/X/Y/Y.so`, and the pieces that AutoLoader reads. */
async function compiledPart(name: string, folder: ImagePath, { found, scene }: Collecting): Promise<void> {
  const parts = imagePath(`${folder}/auto/${name.replaceAll('::', '/')}`);
  for (const file of await scene.namesIn(parts))
    if (/\.(so|al|ix)$/.test(file)) found.set(childPath(parts, file), name);
}

function namesIn(text: string): Set<string> {
  const names = new Set<string>();
  const code = withoutPod(text).replace(/^__END__[\s\S]*/m, '');
  for (const [, name = ''] of code.matchAll(/\b(?:use|require|no)\s+([A-Za-z_]\w*(?:::\w+)*)/g)) names.add(name);
  for (const [, list = ''] of code.matchAll(/\buse\s+(?:base|parent|aliased)\s+([^;]{1,400});/g)) {
    for (const [name] of list.matchAll(/[A-Za-z_]\w*(?:::\w+)+/g)) names.add(name);
  }
  return names;
}

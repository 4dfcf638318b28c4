import { baseName, childPath, imagePath, parentPath } from '../../../../kit/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { listed } from './listed.ts';

export const hwcapsCopy: Rule = {
  code: 'hwcaps-copy',
  severity: 'notes',
  title: 'On better CPUs the loader takes other copies of some libraries.',
  sees: ['nothing, until the copy differs from the one that was tested'],
  why: 'glibc looks into glibc-hwcaps/x86-64-v2, -v3 and -v4 (and their kin of other machines) before the directory itself. What was tested on one machine may load another file on the next.',
  fix: 'Update both copies together, or remove the directories glibc-hwcaps.',
  dockerfile: 'RUN rm -rf /usr/lib/x86_64-linux-gnu/glibc-hwcaps && ldconfig',
  judge: judgeCopies,
};

async function judgeCopies({ program, tree }: Scene): Promise<readonly Found[]> {
  if (program?.closure.flavour !== 'glibc') return [];
  const copies = new Set<string>();
  const objects = program.closure.objects.slice(1).map(({ path }) => imagePath(path.replace(level, '/')));
  for (const folder of new Set(objects.map(parentPath))) {
    const levels = await tree.list(childPath(folder, 'glibc-hwcaps'));
    for (const name of levels) {
      const inside = imagePath(`${folder}/glibc-hwcaps/${name}`);
      const names = new Set(await tree.list(inside));
      const wanted = objects.filter((path) => parentPath(path) === folder && names.has(baseName(path)));
      for (const path of wanted) copies.add(childPath(inside, baseName(path)));
    }
  }
  const paths = [...copies];
  return paths.length === 0
    ? []
    : [{ says: `where the CPU allows it, the loader takes ${listed(paths)}`, about: { paths } }];
}

/** Where the machine that is judged for has the level itself. */
const level = /\/glibc-hwcaps\/[^/]+\//;

import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import { imagePath } from '../../../../kit/index.ts';
import { readFile, resolve } from '../../../../rootfs/index.ts';
import type { Scene } from '../../rule.ts';
import type { Reaches } from './reached-modules.ts';

const places = [
  '/usr/local/etc/php/conf.d',
  '/etc/php/conf.d',
  '/etc/php81/conf.d',
  '/etc/php82/conf.d',
  '/etc/php83/conf.d',
  '/etc/php84/conf.d',
  '/etc/php.d',
];
const mostBytes = 64 * 1024;

/** Extensions that the configuration of the program's release names: PHP loads them at each start. */
export async function extensionsOfPhp({ tree }: Scene, program: ProgramFacts): Promise<Reaches> {
  const [, release, kind] = /php(?:-(fpm|cgi))?(\d+\.\d+)?$/.exec(program.path) ?? [];
  const version = kind ?? release;
  const debian =
    version === undefined ? [] : [`/etc/php/${version}/${program.path.includes('fpm') ? 'fpm' : 'cli'}/conf.d`];
  const names = new Set<string>();
  for (const place of [...places, ...debian]) {
    const directory = await resolve(tree, place);
    if (!directory.found) continue;
    for (const file of await tree.list(directory.path)) {
      if (!file.endsWith('.ini')) continue;
      const found = await resolve(tree, imagePath(`${directory.path}/${file}`));
      if (!found.found || found.node.kind !== 'file' || found.node.sizeBytes > mostBytes) continue;
      const text = (await readFile(tree, found.path, mostBytes))?.toString('latin1') ?? '';
      for (const [, name = ''] of text.matchAll(/^\s*(?:zend_)?extension\s*=\s*"?([^"\s;]+)/gm))
        names.add(nameOf(name));
    }
  }
  return (path) => path.endsWith('.so') && names.has(nameOf(path)) && /php|extensions/.test(path);
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.so$/, '');

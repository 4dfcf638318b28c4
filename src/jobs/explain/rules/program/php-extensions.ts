import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import { type FileTree, readFile, resolve } from '../../../../rootfs/index.ts';
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

const mostFiles = 500;

/** Extensions that the configuration of the program's release names: PHP loads them at each start. */
export async function extensionsOfPhp({ tree }: Scene, program: ProgramFacts): Promise<Reaches> {
  const [, kind = 'cli', release] = /php(?:-(fpm|cgi))?(\d+\.\d+)?$/.exec(program.path) ?? [];
  const debian = release === undefined ? [] : [`/etc/php/${release}/${kind}/conf.d`];
  const names = new Set<string>();
  for (const place of [...places, ...debian]) {
    for (const text of await configurationsIn(tree, place)) {
      for (const [, name = ''] of text.matchAll(/^\s*(?:zend_)?extension\s*=\s*"?([^"\s;]+)/gm))
        names.add(nameOf(name));
    }
  }
  return (path) => path.endsWith('.so') && names.has(nameOf(path)) && /php|extensions/.test(path);
}

async function configurationsIn(tree: FileTree, place: string): Promise<readonly string[]> {
  const directory = await resolve(tree, place);
  const names = directory.found ? await tree.list(directory.path) : [];
  const texts: string[] = [];
  for (const name of names.filter((each) => each.endsWith('.ini')).slice(0, mostFiles)) {
    const found = await resolve(tree, `${place}/${name}`);
    if (!found.found || found.node.kind !== 'file' || found.node.sizeBytes > mostBytes) continue;
    texts.push((await readFile(tree, found.path, mostBytes))?.toString('latin1') ?? '');
  }
  return texts;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.so$/, '');

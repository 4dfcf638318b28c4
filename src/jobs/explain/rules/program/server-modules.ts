import { closureOfLibrary } from '../../../../facts/loader/index.ts';
import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import { baseName, type ImagePath, imagePath } from '../../../../kit/index.ts';
import { type FileTree, readFile, resolve } from '../../../../rootfs/index.ts';
import type { Scene } from '../../rule.ts';
import type { LateLibrary } from './late-lib-missing.ts';
import { listed } from './listed.ts';

interface Server {
  readonly program: RegExp;
  /** The option that names another configuration. */
  readonly option: string;
  /** Files, and directories of them, that make up the usual configuration. */
  readonly configuration: readonly string[];
  readonly directive: RegExp;
  /** Where relative names begin. */
  readonly prefixes: readonly string[];
}

const servers: readonly Server[] = [
  {
    program: /^nginx$/,
    option: '-c',
    configuration: ['/etc/nginx/nginx.conf', '/etc/nginx/modules-enabled', '/etc/nginx/modules'],
    directive: /^\s*load_module\s+"?([^\s;"]+)/gm,
    prefixes: ['/usr/share/nginx', '/etc/nginx', '/usr/lib/nginx', '/usr/local/nginx', '/var/lib/nginx'],
  },
  {
    program: /^(apache2|httpd)$/,
    option: '-f',
    configuration: ['/etc/apache2/mods-enabled', '/etc/httpd/conf.modules.d', '/usr/local/apache2/conf/httpd.conf'],
    directive: /^\s*LoadModule\s+\S+\s+"?([^\s"]+)/gm,
    prefixes: ['/etc/httpd', '/usr/local/apache2', '/usr/lib/apache2', '/var/www'],
  },
];

const mostBytes = 64 * 1024;
const mostFiles = 500;

/** Modules that the usual configuration of a server loads and that are not there, or need what is not there. */
export async function missingOfServers(scene: Scene, program: ProgramFacts): Promise<readonly LateLibrary[]> {
  const { tree, verdict } = scene;
  const server = servers.find((each) => each.program.test(baseName(program.path)));
  if (server === undefined || verdict.chain.some(({ argv }) => argv.includes(server.option))) return [];
  const names = new Set<string>();
  for (const text of await textsOf(tree, server)) {
    for (const [, name = ''] of text.matchAll(server.directive)) names.add(name);
  }
  const absent: string[] = [];
  const missing: LateLibrary[] = [];
  for (const name of names) {
    const path = await pathOf(tree, name, server);
    if (path === undefined) absent.push(name);
    else missing.push(...(await missingFor(program, path)));
  }
  return [...absentModules(program, absent), ...missing];
}

async function pathOf(tree: FileTree, name: string, { prefixes }: Server): Promise<ImagePath | undefined> {
  for (const prefix of name.startsWith('/') ? [''] : prefixes) {
    const found = await resolve(tree, `${prefix}/${name}`);
    if (found.found) return found.path;
  }
  return undefined;
}

function absentModules({ path }: ProgramFacts, names: readonly string[]): readonly LateLibrary[] {
  const [name, ...others] = names;
  if (name === undefined) return [];
  const says = `the configuration of ${baseName(path)} loads ${listed(names)}, and nothing of that name is there`;
  return [{ name, others, by: path, says, severity: 'degrades' }];
}

async function missingFor(program: ProgramFacts, path: ImagePath): Promise<readonly LateLibrary[]> {
  const { missing } = await closureOfLibrary(program.closure, path);
  return missing.map(({ name, wantedBy }) => {
    const says = `${wantedBy}, which ${baseName(program.path)} loads as a module, needs ${name}, which is not there`;
    return { name, by: wantedBy, says, severity: 'degrades' };
  });
}

async function textsOf(tree: FileTree, { configuration }: Server): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const place of configuration) {
    const found = await resolve(tree, place);
    if (!found.found) continue;
    const names = found.node.kind === 'directory' ? (await tree.list(found.path)).slice(0, mostFiles) : [''];
    for (const name of names) {
      if (name !== '' && !/\.(conf|load)$/.test(name)) continue;
      const file = await resolve(tree, imagePath(`${place}/${name}`));
      if (!file.found || file.node.kind !== 'file' || file.node.sizeBytes > mostBytes) continue;
      texts.push((await readFile(tree, file.path, mostBytes))?.toString('latin1') ?? '');
    }
  }
  return texts;
}

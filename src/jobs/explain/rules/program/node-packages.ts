import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import { childPath, fieldReader, type ImagePath, imagePath, isFault, parentPath } from '../../../../kit/index.ts';
import { type FileTree, readFile, resolve } from '../../../../rootfs/index.ts';
import type { Scene } from '../../rule.ts';
import type { Reaches } from './reached-modules.ts';
import { type Script, scriptOf } from './script-text.ts';

const mostPackages = 3000;
const mostBytes = 64 * 1024;
const json = fieldReader('JSON_MALFORMED', 'a package.json');

/** The packages that an application's package.json needs, and theirs; without one, those that its script requires. */
export async function packagesOfNode(scene: Scene, program: ProgramFacts): Promise<Reaches> {
  const { tree } = scene;
  const script = await scriptOf(scene, program);
  const home = homeOf(script?.path, scene.config.workingDir ?? '/');
  const root = await packageAbove(tree, home);
  const named = script === undefined ? [] : requiredIn(script.text);
  const wanted = [...(root?.dependencies ?? []), ...named].map((name) => ({ name, from: home }));
  const packages = await packagesBehind(tree, wanted);
  const files = new Set(script === undefined ? [] : addonsIn(script));
  return (path) => path.endsWith('.node') && (packages.has(packageOf(path)) || files.has(path));
}

/** Where the application lies: of what npm or a tool of a package starts, above node_modules or in the working directory. */
function homeOf(script: ImagePath | undefined, workingDirectory: string): ImagePath {
  if (script === undefined) return imagePath(workingDirectory);
  const above = /^(.*?)\/node_modules\//.exec(script)?.[1];
  if (above === undefined) return parentPath(script);
  return imagePath(/^(\/usr)?(\/local)?\/lib$/.test(above) ? workingDirectory : above);
}

interface Wanted {
  readonly name: string;
  readonly from: ImagePath;
}

async function packagesBehind(tree: FileTree, wanted: readonly Wanted[]): Promise<ReadonlySet<string>> {
  const packages = new Set<string>();
  const waiting = [...wanted];
  for (let next = waiting.pop(); next !== undefined && packages.size < mostPackages; next = waiting.pop()) {
    const path = await findPackage(tree, next);
    if (path === undefined || packages.has(path)) continue;
    packages.add(path);
    for (const name of (await packageAt(tree, path))?.dependencies ?? []) waiting.push({ name, from: path });
  }
  return packages;
}

/** Looks into the directories node_modules above, the nearest first. */
async function findPackage(tree: FileTree, { name, from }: Wanted): Promise<ImagePath | undefined> {
  for (let directory = from; ; directory = parentPath(directory)) {
    const found = await resolve(tree, `${directory}/node_modules/${name}`);
    if (found.found && found.node.kind === 'directory') return found.path;
    if (directory === '/') return undefined;
  }
}

interface Package {
  readonly dependencies: readonly string[];
}

async function packageAbove(tree: FileTree, from: ImagePath): Promise<Package | undefined> {
  for (let directory = from; ; directory = parentPath(directory)) {
    const found = await packageAt(tree, directory);
    if (found !== undefined || directory === '/') return found;
  }
}

async function packageAt(tree: FileTree, directory: ImagePath): Promise<Package | undefined> {
  const found = await resolve(tree, childPath(directory, 'package.json'));
  if (!found.found || found.node.kind !== 'file' || found.node.sizeBytes > mostBytes) return undefined;
  try {
    const fields = json.object(
      json.parse((await readFile(tree, found.path, mostBytes)) ?? Buffer.from('{}')),
      'itself',
    );
    const of = (key: string) => Object.keys(json.optional(fields[key], json.object, key) ?? {});
    return { dependencies: [...of('dependencies'), ...of('optionalDependencies')].filter(isName) };
  } catch (error) {
    if (!isFault(error, 'JSON_MALFORMED')) throw error;
    return { dependencies: [] };
  }
}

const isName = (name: string): boolean => /^(@[\w.~-]+\/)?[\w~-][\w.~-]*$/.test(name) && name.length < 215;

function requiredIn(text: string): string[] {
  const names = [...text.matchAll(/(?:require\(|from|import\(|import)\s*['"]([^'"./][^'"]*)['"]/g)].map(
    ([, name = '']) => name,
  );
  return names
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter(isName);
}

/** Add-ons that the script names by a path of its own. */
const addonsIn = ({ path, text }: Script): string[] =>
  [...text.matchAll(/(?:require\(|dlopen\([^'"]*)\s*['"](\.{0,2}\/[^'"]+)['"]/g)]
    .map(([, name = '']) => (name.startsWith('/') ? name : `${parentPath(path)}/${name}`))
    .map((name) => imagePath(name.endsWith('.node') ? name : `${name}.node`));

/** The directory of the package that a file lies in. */
const packageOf = (path: string): string => /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? '';

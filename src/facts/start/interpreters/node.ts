import { type ImagePath, parentPath } from '../../../kit/index.ts';
import { resolve } from '../../../rootfs/index.ts';
import type { Command } from '../lookup.ts';
import type { Process } from '../programs.ts';
import { type Setting, variableOf } from '../setting.ts';
import { isProblem, type Problem } from '../verdict.ts';
import { isNodeBuiltIn, requiredModules } from './node-imports.ts';
import { isDirectory, isFile, missingScript, namesIn, noteModule, openScript, textOf } from './script-file.ts';

const withValue = new Set(
  `-r --require --import --loader --experimental-loader -C --conditions -e --eval -p --print --env-file --icu-data-dir
  --input-type --title --redirect-warnings --max-http-header-size --dns-result-order --disable-warning
  --unhandled-rejections --openssl-config --tls-cipher-list --stack-trace-limit --max-old-space-size --watch-path
  --env-file-if-exists --diagnostic-dir --inspect-port --localstorage-file`.split(/\s+/),
);
const instead =
  /^(-e|--eval|-p|--print|-pe|-v|--version|-h|--help|-i|--interactive|--test|--run|--v8-options|--build-sea|--experimental-sea-config)(=|$)/;
const preloads = /^(-r|--require|--import)(?:=([\s\S]*))?$/;

/** What node does: modules that come first, then the file that it finds for a name. */
export async function followNode(setting: Setting, started: Process): Promise<Problem | undefined> {
  const { file, first, isOther } = commandLine(started.argv.slice(1));
  for (const name of [...firstByVariable(setting), ...first]) {
    if (await hasModule(setting, { name, folder: setting.cwd, isStrict: false })) continue;
    return missingScript(started, name);
  }
  if (isOther || file === undefined || file === '-' || /^(inspect|data:|file:|https?:)/.test(file)) return undefined;
  const path = await entryOf(setting, file);
  if (path === undefined) return missingScript(started, file);
  const script = await openScript(setting, started, path);
  if (isProblem(script)) return script;
  await checkModules(setting, script);
  return undefined;
}

function commandLine(words: readonly string[]): { file: string | undefined; first: string[]; isOther: boolean } {
  const first: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') return { file: words[at + 1], first, isOther: false };
    if (!word.startsWith('-') || word === '-') return { file: word, first, isOther: false };
    if (instead.test(word)) return { file: undefined, first, isOther: true };
    const preload = preloads.exec(word);
    if (preload !== null) first.push(preload[2] ?? words[at + 1] ?? '');
    if (withValue.has(word)) at++;
  }
  return { file: undefined, first, isOther: false };
}

/** What NODE_OPTIONS loads before all that the command line does. */
function firstByVariable({ env }: Setting): readonly string[] {
  const options = variableOf(env, 'NODE_OPTIONS') ?? '';
  return /["\\]/.test(options) ? [] : commandLine(options.trim().split(/\s+/)).first;
}

const extensions = ['', '.js', '.json', '.node'];

/** LOAD_AS_FILE, then LOAD_AS_DIRECTORY of what is asked for (Node's documentation, "Modules: CommonJS modules"). */
async function entryOf(setting: Setting, name: string): Promise<string | undefined> {
  if (await isClosed(setting, name)) return name;
  for (const extension of extensions) {
    if (!name.endsWith('/') && (await isFile(setting, name + extension))) return name + extension;
  }
  return isDirectory(setting, name).then((is) => (is ? entryOfFolder(setting, name) : undefined));
}

/** Whether it is there, but its directory may not be searched. */
async function isClosed({ tree, cwd, as }: Setting, name: string): Promise<boolean> {
  const found = await resolve(tree, name, { cwd, as });
  return !found.found && found.problem === 'denied';
}

async function entryOfFolder(setting: Setting, folder: string): Promise<string | undefined> {
  const found = await resolve(setting.tree, `${folder}/package.json`, { cwd: setting.cwd, as: setting.as });
  const main = found.found ? mainOf(await textOf(found.node)) : undefined;
  const candidates = [
    ...(main === undefined ? [] : [main, `${main}.js`, `${main}.json`, `${main}/index.js`]),
    'index.js',
    'index.json',
    'index.node',
  ];
  for (const candidate of candidates)
    if (await isFile(setting, `${folder}/${candidate}`)) return `${folder}/${candidate}`;
  return undefined;
}

function mainOf(text: string | undefined): string | undefined {
  return /"main"\s*:\s*"([^"]+)"/.exec(text ?? '')?.[1];
}

async function checkModules(setting: Setting, { path, node }: Command): Promise<void> {
  const text = await textOf(node);
  if (text === undefined || text.includes('\0')) return;
  const folder = parentPath(path);
  if (await hasOtherWays(setting, folder)) return;
  for (const { name, isStrict } of requiredModules(text)) {
    if (await hasModule(setting, { name, folder, isStrict })) continue;
    noteModule(setting, path, name);
    return;
  }
}

/** Yarn's Plug'n'Play finds modules in archives. */
async function hasOtherWays(setting: Setting, folder: ImagePath): Promise<boolean> {
  for (const above of upwards(folder)) {
    if ((await namesIn(setting, above)).some((name) => /^\.pnp\.(c?js|loader\.mjs)$/.test(name))) return true;
  }
  return variableOf(setting.env, 'NODE_OPTIONS') !== undefined;
}

function upwards(folder: string): string[] {
  const folders = [folder];
  for (let path = folder; path !== '' && path !== '/'; ) {
    path = path.slice(0, path.lastIndexOf('/'));
    folders.push(path === '' ? '/' : path);
  }
  return folders;
}

interface Wanted {
  readonly name: string;
  readonly folder: string;
  /** `import` takes a file's whole name. */
  readonly isStrict: boolean;
}

async function hasModule(setting: Setting, { name, folder, isStrict }: Wanted): Promise<boolean> {
  if (isNodeBuiltIn(name) || name === '' || name.startsWith('#') || /^[a-z]+:/.test(name)) return true;
  if (name.startsWith('.') || name.startsWith('/')) {
    const path = name.startsWith('/') ? name : `${folder}/${name}`;
    return isStrict ? isFile(setting, path) : (await entryOf(setting, path)) !== undefined;
  }
  const package_ = /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;
  const others = (variableOf(setting.env, 'NODE_PATH') ?? '').split(':').filter((path) => path !== '');
  const places = [
    ...upwards(folder).map((above) => `${above === '/' ? '' : above}/node_modules`),
    ...others,
    '/usr/share/nodejs',
    '/usr/lib/nodejs',
    '/usr/share/node_modules',
    '/usr/lib/node_modules',
  ];
  for (const place of places) {
    for (const extension of extensions) {
      const path = `${place}/${package_}${extension}`;
      if ((await isFile(setting, path)) || (extension === '' && (await isDirectory(setting, path)))) return true;
    }
  }
  return isOwnName(setting, folder, package_);
}

/** A package may ask for itself by the name that it has. */
async function isOwnName(setting: Setting, folder: string, name: string): Promise<boolean> {
  for (const above of upwards(folder)) {
    const found = await resolve(setting.tree, `${above}/package.json`, { as: setting.as });
    const text = found.found ? await textOf(found.node) : undefined;
    if (text !== undefined) return text.includes(`"${name}"`) && /"(exports|workspaces)"/.test(text);
  }
  return false;
}

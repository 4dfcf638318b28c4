import { parentPath } from '../../../kit/index.ts';
import { takeOptions } from '../launchers/options.ts';
import type { Process } from '../programs.ts';
import { type Setting, variableOf } from '../setting.ts';
import { isProblem, type Problem, problem } from '../verdict.ts';
import { isFile, namesIn, noteModule, openScript, textOf } from './script-file.ts';

const long = ['encoding', 'external-encoding', 'internal-encoding', 'disable', 'enable', 'backtrace-limit', 'dump'];

/** What ruby does: it runs a script. Without its own library it only warns. */
export async function followRuby(setting: Setting, started: Process): Promise<Problem | undefined> {
  if (started.script !== undefined && /^-[^0aACcdeEFhiIlnprsSTUvwWxyKX\s-]/.test(started.argument ?? '')) {
    return problem('shebang-args', `ruby does not know the option ${started.argument} of ${started.script.path}`, {
      subject: started.script.path,
    });
  }
  const { values, rest } = takeOptions(started.argv.slice(1), { short: 'erICEKFTWx0i', long });
  const isOther = ['v', 'version', 'h', 'help', 'copyright', 'e', 'S', 'C', 'x'].some((option) => values.has(option));
  const [file] = rest;
  if (isOther || file === undefined || file === '-') return undefined;
  const isPlain = !values.has('I') && variableOf(setting.env, 'RUBYLIB') === undefined;
  const prefix = parentPath(parentPath(started.command.path));
  const first = values.get('r');
  if (isPlain && first !== undefined && /^[\w/-]+$/.test(first) && !builtIn.test(first)) {
    if (!(await hasFeature(setting, prefix, first))) {
      const says = `${first}, which ruby is to load before ${file}, is not in the image`;
      return problem('program-missing', says, { missing: [first], subject: started.command.path });
    }
  }
  const script = await openScript(setting, started, file);
  if (isProblem(script)) return script;
  const text = await textOf(script.node);
  if (text === undefined || !isPlain) return undefined;
  for (const name of requiredFeatures(text)) {
    if (await hasFeature(setting, prefix, name)) continue;
    noteModule(setting, script.path, name);
    break;
  }
  return undefined;
}

const builtIn = /^(thread|rational|complex|enumerator|fiber|ruby2_keywords|rbconfig|rubygems|bundler)(\.(rb|so))?$/;
const mostFeatures = 200;

/** What is required at the left margin; nothing where the script says where else to look. */
function requiredFeatures(text: string): string[] {
  if (/\$LOAD_PATH|\$:|\$-I|bundler|=begin|<<[~-]?['"A-Z]|\bgemfile\b/.test(text)) return [];
  const features: string[] = [];
  for (const [, name = ''] of text.matchAll(/^require\s*\(?\s*["']([\w./-]+)["']\s*\)?\s*(?:#.*)?$/gm)) {
    if (features.length < mostFeatures && !name.startsWith('.') && !builtIn.test(name)) features.push(name);
  }
  return features;
}

/** In the standard library, in what distributions and administrators add, or in some gem. */
async function hasFeature(setting: Setting, prefix: string, name: string): Promise<boolean> {
  if (name.startsWith('/')) return (await isFile(setting, name)) || isFile(setting, `${name}.rb`);
  for (const folder of await foldersOf(setting, prefix)) {
    for (const file of /\.(rb|so)$/.test(name) ? [name] : [`${name}.rb`, `${name}.so`]) {
      if (await isFile(setting, `${folder}/${file}`)) return true;
    }
  }
  return false;
}

const known = new WeakMap<Setting['tree'], Promise<readonly string[]>>();

function foldersOf(setting: Setting, prefix: string): Promise<readonly string[]> {
  const found = known.get(setting.tree) ?? listFolders(setting, prefix);
  known.set(setting.tree, found);
  return found;
}

const mostFolders = 5000;

async function listFolders(setting: Setting, prefix: string): Promise<readonly string[]> {
  const roots = ['/usr/lib/ruby', '/usr/local/lib/ruby', '/usr/share/ruby', '/usr/share/rubygems', '/usr/lib64/ruby'];
  const machines = (await namesIn(setting, '/usr/lib')).filter((name) => name.includes('-linux-'));
  const homes = [variableOf(setting.env, 'GEM_HOME'), ...(variableOf(setting.env, 'GEM_PATH') ?? '').split(':')];
  const waiting = [
    ...[`${prefix}/lib/ruby`, `${prefix}/lib64/ruby`, ...roots, ...machines.map((name) => `/usr/lib/${name}/ruby`)],
    ...['/var/lib/gems', '/usr/share/rubygems-integration', '/usr/local/bundle', '/usr/share/gems', '/usr/lib64/gems'],
    ...homes.filter((home) => home !== undefined && home !== ''),
  ].map((path) => ({ path: String(path), depth: 0 }));
  const folders = new Set<string>();
  for (let next = waiting.pop(); next !== undefined && folders.size < mostFolders; next = waiting.pop()) {
    const { path, depth } = next;
    if (folders.has(path)) continue;
    folders.add(path);
    // site_ruby/3.1.0/x86_64-linux-gnu, and 3.1.0/gems/NAME-1.0/lib below any of them.
    const names = await namesIn(setting, path);
    const inner = /\/gems$/.test(path)
      ? names.flatMap((name) => [name, `${name}/lib`])
      : names.filter((name) => /^(\d[\d.]*|all|ruby|gems|extensions|site_ruby|vendor_ruby|.*-linux.*)$/.test(name));
    if (depth < deepest) for (const name of inner) waiting.push({ path: `${path}/${name}`, depth: depth + 1 });
  }
  return [...folders];
}

const deepest = 5;

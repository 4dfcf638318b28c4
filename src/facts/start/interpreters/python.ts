import { baseName, parentPath } from '../../../kit/index.ts';
import { resolve } from '../../../rootfs/index.ts';
import type { Process } from '../programs.ts';
import { type Setting, variableOf } from '../setting.ts';
import { isProblem, type Problem, problem } from '../verdict.ts';
import { importedModules, isBuiltIn } from './python-imports.ts';
import { incomplete, isDirectory, isFile, namesIn, noteModule, openScript, textOf } from './script-file.ts';

interface CommandLine {
  readonly module: string | undefined;
  readonly text: string | undefined;
  readonly file: string | undefined;
  readonly letters: string;
  readonly isRefused: boolean;
}

/** What Python does: it looks for its standard library, and then runs a file, a module or a text. */
export async function followPython(setting: Setting, started: Process): Promise<Problem | undefined> {
  const line = commandLine(started);
  if (line.isRefused) {
    const says = `${started.argv[0]} gets “${started.argument}” from the first line of ${started.script?.path} as one argument`;
    return problem('shebang-args', says, { subject: started.script?.path });
  }
  if (/[Vh?]/.test(line.letters)) return undefined;
  const library = await libraryOf(setting, started, line);
  if (library !== undefined && isProblem(library)) return library;
  if (line.text !== undefined) {
    if (library !== undefined)
      await checkImports(setting, { library, script: 'python -c', folder: '.', text: line.text });
    return undefined;
  }
  if (line.module !== undefined) {
    const isApart = /[IP]/.test(line.letters) || (variableOf(setting.env, 'PYTHONSAFEPATH') ?? '') !== '';
    return library && findModule(setting, started, { library, module: line.module, isApart });
  }
  if (line.file === undefined || line.file === '-') return undefined;
  const script = await openScript(setting, started, line.file);
  if (isProblem(script)) return script;
  if (script.node.kind === 'directory') {
    const main = await isFile(setting, `${script.path}/__main__.py`);
    return main
      ? undefined
      : problem('program-missing', `python finds no __main__.py in ${script.path}`, {
          missing: [`${script.path}/__main__.py`],
          subject: started.command.path,
        });
  }
  const text = await textOf(script.node);
  if (library !== undefined && text !== undefined && !text.includes('\0')) {
    await checkImports(setting, { library, script: script.path, folder: parentPath(script.path), text });
  }
  return undefined;
}

function commandLine({ argv, argument, script }: Process): CommandLine {
  const isRefused = script !== undefined && argument !== undefined && isUnknownOption(argument);
  const words = argv.slice(1);
  let letters = '';
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const nothing = { module: undefined, text: undefined, file: undefined, letters, isRefused };
    if (word === '--') return { ...nothing, file: words[at + 1] };
    if (!word.startsWith('-') || word === '-') return { ...nothing, file: word };
    if (word === '--check-hash-based-pycs') at++;
    if (word.startsWith('--')) {
      if (/^--(help|version)/.test(word)) letters += 'V';
      continue;
    }
    const [, flags = '', option, attached = ''] = /^-([^cmWX]*)([cmWX])?([\s\S]*)$/.exec(word) ?? [];
    letters += flags;
    const value = attached === '' ? words[at + 1] : attached;
    if (option === 'c') return { ...nothing, letters, text: value ?? '' };
    if (option === 'm') return { ...nothing, letters, module: value ?? '' };
    if (option !== undefined && attached === '') at++;
  }
  return { module: undefined, text: undefined, file: undefined, letters, isRefused };
}

/** Whether Python ends because of what its script's first line gives it. */
const isUnknownOption = (word: string): boolean =>
  /^-[^cmWX\s]*[\s\r]/.test(word) ||
  /^--(?!$|help|version|check-hash-based-pycs)/.test(word) ||
  /^-[bBdEhiIOPqsSuvVx?]*[^bBdEhiIOPqsSuvVx?cmWX-]/.test(word);

/** Where a Python of one version looks for modules. */
interface Library {
  readonly version: string;
  /** Directories of sys.path that come with it, the standard library's own first. */
  readonly paths: readonly string[];
  /** false where a .pth file, an egg or a zip may bring more than can be seen. */
  readonly isWhole: boolean;
}

/** The standard library as getpath finds it; undefined where that cannot be told. */
async function libraryOf(
  setting: Setting,
  started: Process,
  { letters }: CommandLine,
): Promise<Library | Problem | undefined> {
  const ignoresEnv = /[EI]/.test(letters);
  const home = ignoresEnv ? undefined : variableOf(setting.env, 'PYTHONHOME') || undefined;
  const own = parentPath(started.command.path);
  const venv = await virtualEnvironment(setting, started);
  const begin = venv?.home ?? own;
  const version = await versionOf(setting, started, home === undefined ? begin : home);
  if (version === undefined) return undefined;
  const prefixes = home === undefined ? prefixesOf(begin) : [home.split(':')[0] ?? home];
  const name = `python${version}`;
  const searched = ignoresEnv
    ? []
    : (variableOf(setting.env, 'PYTHONPATH') ?? '').split(':').filter((path) => path !== '');
  for (const prefix of prefixes) {
    for (const lib of ['lib', 'lib64']) {
      const folder = `${prefix === '/' ? '' : prefix}/${lib}/${name}`;
      if (!(await hasEncodings(setting, folder))) continue;
      const paths = [folder, `${folder}/lib-dynload`, ...searched, ...sitesOf({ prefix, version, venv: venv?.prefix })];
      return { version, paths, isWhole: await isWhole(setting, paths) };
    }
    const zip = `${prefix === '/' ? '' : prefix}/lib/python${version.replace('.', '')}.zip`;
    if (await isFile(setting, zip)) return undefined;
  }
  for (const path of searched) if (await hasEncodings(setting, path)) return undefined;
  // Embedded ones bring it in an archive beside themselves.
  if ((await namesIn(setting, own)).some((file) => /^python\d+\.(zip|_pth)$/.test(file))) return undefined;
  const missing = `${prefixes[0] === '/' ? '' : prefixes[0]}/lib/${name}/encodings`;
  return incomplete(started, missing, 'its standard library');
}

const hasEncodings = async (setting: Setting, folder: string): Promise<boolean> =>
  (await isFile(setting, `${folder}/encodings/__init__.py`)) || isFile(setting, `${folder}/encodings/__init__.pyc`);

/** Upwards from the executable, then what most are built for. */
function prefixesOf(begin: string): string[] {
  const prefixes: string[] = [];
  for (let path = begin; path !== '/' && path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    prefixes.push(path.slice(0, path.lastIndexOf('/')) || '/');
  }
  return [...new Set([...prefixes, '/usr', '/usr/local'])];
}

interface Environment {
  readonly prefix: string;
  readonly home: string | undefined;
}

/** pyvenv.cfg beside the executable as it is called, or one directory up. */
async function virtualEnvironment(setting: Setting, { command }: Process): Promise<Environment | undefined> {
  const called = command.name.startsWith('/') ? command.name : command.path;
  const folder = called.slice(0, called.lastIndexOf('/'));
  const above = folder.slice(0, folder.lastIndexOf('/'));
  for (const prefix of [folder, above]) {
    const found = await resolve(setting.tree, `${prefix}/pyvenv.cfg`, { as: setting.as });
    const text = found.found ? await textOf(found.node) : undefined;
    if (text !== undefined) return { prefix, home: /^\s*home\s*=\s*(\S+)/m.exec(text)?.[1] };
  }
  return undefined;
}

async function versionOf(setting: Setting, { command, argv }: Process, begin: string): Promise<string | undefined> {
  const named = /^python(\d\.\d+)/.exec(baseName(command.path))?.[1];
  if (named !== undefined) return named;
  const closure = setting.closures.findLast(({ program }) => program === command.path);
  for (const { requested } of closure?.objects ?? []) {
    const version = /^libpython(\d\.\d+)/.exec(requested)?.[1];
    if (version !== undefined) return version;
  }
  const versions = new Set<string>();
  for (const prefix of prefixesOf(begin)) {
    for (const name of await namesIn(setting, `${prefix}/lib`)) {
      const version = /^python(3\.\d+)$/.exec(name)?.[1];
      if (version !== undefined) versions.add(version);
    }
  }
  const [only] = versions;
  return versions.size === 1 ? only : /python(\d\.\d+)$/.exec(argv[0] ?? '')?.[1];
}

interface Place {
  readonly prefix: string;
  readonly version: string;
  readonly venv: string | undefined;
}

const sitesOf = ({ prefix, version, venv }: Place): string[] => {
  const own =
    venv === undefined
      ? []
      : [`${venv}/lib/python${version}/site-packages`, `${venv}/lib64/python${version}/site-packages`];
  const below = (root: string) => [
    `${root}/lib/python${version}/site-packages`,
    `${root}/lib64/python${version}/site-packages`,
    `${root}/lib/python${version}/dist-packages`,
    `${root}/local/lib/python${version}/dist-packages`,
    `${root}/lib/python3/dist-packages`,
  ];
  return [
    ...own,
    ...below(prefix),
    '/usr/local/lib/python3/dist-packages',
    `/usr/local/lib/python${version}/dist-packages`,
  ];
};

const harmlessPth = /^(distutils-precedence|.*nspkg)\.pth$/;

async function isWhole(setting: Setting, paths: readonly string[]): Promise<boolean> {
  const home = variableOf(setting.env, 'HOME') ?? '/';
  const user = await namesIn(setting, `${home}/.local/lib`);
  if (user.length > 0) return false;
  for (const path of paths) {
    const names = await namesIn(setting, path);
    const isOpen = names.some((name) => /\.(pth|egg|egg-link|zip)$/.test(name) && !harmlessPth.test(name));
    if (isOpen || names.includes('usercustomize.py')) return false;
  }
  return true;
}

interface Wanted {
  readonly library: Library;
  readonly module: string;
  /** Whether the working directory is no place to look in: `-I`, `-P`. */
  readonly isApart: boolean;
}

/** `-m a.b`: a module, or a package with a `__main__`. */
async function findModule(
  setting: Setting,
  started: Process,
  { library, module, isApart }: Wanted,
): Promise<Problem | undefined> {
  if (!library.isWhole || !/^[\w.]+$/.test(module)) return undefined;
  const relative = module.replaceAll('.', '/');
  const isStandalone = isBuiltIn(module.split('.')[0] ?? '');
  for (const path of [...(isApart ? [] : [setting.cwd]), ...library.paths]) {
    for (const file of [`${relative}.py`, `${relative}.pyc`, `${relative}/__main__.py`, `${relative}/__main__.pyc`]) {
      if (await isFile(setting, `${path}/${file}`)) return undefined;
    }
  }
  if (isStandalone) return undefined;
  return problem('program-missing', `the module ${module}, which python is to run, is not in the image`, {
    missing: [module],
    subject: started.command.path,
  });
}

interface Imports {
  readonly library: Library;
  readonly script: string;
  readonly folder: string;
  readonly text: string;
}

async function checkImports(setting: Setting, { library, script, folder, text }: Imports): Promise<void> {
  if (!library.isWhole) return;
  for (const name of importedModules(text)) {
    if (isBuiltIn(name) || (await isImportable(setting, [folder, ...library.paths], name))) continue;
    noteModule(setting, script, name);
    return;
  }
}

async function isImportable(setting: Setting, paths: readonly string[], name: string): Promise<boolean> {
  for (const path of paths) {
    const isThere =
      (await isFile(setting, `${path}/${name}.py`)) ||
      (await isDirectory(setting, `${path}/${name}`)) ||
      (await namesIn(setting, path)).some((file) => file.startsWith(`${name}.`) && /\.(so|pyc|pyd)$/.test(file));
    if (isThere) return true;
  }
  return false;
}

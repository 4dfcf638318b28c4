import { type Language, languageOf, type ProgramFacts, type SurveyedElf } from '../../../../facts/programs/index.ts';
import type { Scene } from '../../rule.ts';
import { packagesOfNode } from './node-packages.ts';
import { extensionsOfPhp } from './php-extensions.ts';
import { modulesOfPython } from './python-modules.ts';
import { scriptOf } from './script-text.ts';

/** Tells whether a native module of a language is one that the command will load. */
export type Reaches = (path: string) => boolean;

const nothing: Reaches = () => false;
const finders: Partial<Record<Language, (scene: Scene, program: ProgramFacts) => Promise<Reaches>>> = {
  node: packagesOfNode,
  php: extensionsOfPhp,
  python: modulesOfPython,
  ruby: librariesOfRuby,
  perl: modulesOfPerl,
};

const known = new WeakMap<Scene, Promise<readonly SurveyedElf[]>>();

/**
 * The native modules (extensions, add-ons) of an interpreter that the image's command loads sooner or later, by what
 * its script imports and its packages say that they need. None where the program is no interpreter.
 */
export function reachedModules(scene: Scene): Promise<readonly SurveyedElf[]> {
  const modules = known.get(scene) ?? findModules(scene);
  known.set(scene, modules);
  return modules;
}

const mostModules = 1000;

async function findModules(scene: Scene): Promise<readonly SurveyedElf[]> {
  const { program } = scene;
  const find = program && finders[await languageOf(program)];
  if (program === undefined || find === undefined || scene.verdict.starts === 'no') return [];
  if (program.closure.flavour === 'static') return [];
  const reaches = await find(scene, program);
  if (reaches === nothing) return [];
  const { elves } = await scene.survey();
  return elves.filter(({ path, elf }) => elf.type === 'shared' && !elf.isPie && reaches(path)).slice(0, mostModules);
}

/** YAML and OpenSSL of the standard library go by other names. */
const rubyNames: Readonly<Record<string, string>> = { yaml: 'psych', 'net/https': 'openssl' };

async function librariesOfRuby(scene: Scene, program: ProgramFacts): Promise<Reaches> {
  const wanted = await namedBy(scene, program, /^require\s*\(?\s*['"]([\w/-]+)['"]/gm);
  const names = wanted.map((name) => rubyNames[name] ?? name);
  if (names.length === 0) return nothing;
  const gems = names.map((name) => {
    const own = name.replace(/\//g, '-');
    return new RegExp(`/(gems|extensions)/(.*/)?${own}-\\d[^/]*/|/vendor_ruby/([\\d.]+/)?${own}/`);
  });
  return (path) =>
    path.endsWith('.so') &&
    /\/ruby\/|\/gems\//.test(path) &&
    (names.some((name) => path.endsWith(`/${name}.so`)) || gems.some((gem) => gem.test(path)));
}

async function modulesOfPerl(scene: Scene, program: ProgramFacts): Promise<Reaches> {
  const wanted = await namedBy(scene, program, /^(?:use|require)\s+([A-Z]\w*(?:::\w+)*)/gm);
  if (wanted.length === 0) return nothing;
  const ends = wanted.map((name) => `/auto/${name.replaceAll('::', '/')}/${name.split('::').at(-1)}.so`);
  return (path) => ends.some((end) => path.endsWith(end));
}

const mostNames = 200;

/** The first groups of a pattern's matches in the script. */
async function namedBy(scene: Scene, program: ProgramFacts, pattern: RegExp): Promise<readonly string[]> {
  const text = (await scriptOf(scene, program))?.text ?? '';
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].slice(0, mostNames);
}

import { languageOf, type SurveyedElf } from '../../../../facts/programs/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { listed } from './listed.ts';
import { fits, importsOf, pythonPathOf, topOf, versionOf } from './python-modules.ts';
import { scriptOf } from './script-text.ts';

export const pythonAbiMismatch: Rule = {
  code: 'python-abi-mismatch',
  severity: 'notes',
  title: 'Compiled Python modules are for another release of Python than the one that runs.',
  sees: [
    "python: ModuleNotFoundError: No module named 'numpy.core._multiarray_umath'",
    "python: ImportError: cannot import name '_imaging' from 'PIL'",
    "python: SyntaxError: Non-UTF-8 code starting with '\\x80' in file /usr/bin/python3",
  ],
  why: 'The name of an extension module tells the release that it was built for (cpython-311), and every other release passes it over. Packages that were installed by the Python of one image and copied into another, or that PYTHONPATH leads to, are like that.',
  fix: 'Install the packages with the Python that runs them; use the same tag of the base in both stages.',
  dockerfile: 'FROM python:3.12-slim AS build\nFROM python:3.12-slim\nCOPY --from=build /venv /venv',
  judge: judgeModules,
};

async function judgeModules(scene: Scene): Promise<readonly Found[]> {
  const { program } = scene;
  if (program === undefined || (await languageOf(program)) !== 'python') return [];
  const version = versionOf(program);
  if (version === undefined) return [];
  const script = await scriptOf(scene, program);
  const imported = script === undefined ? new Set<string>() : await importsOf(scene, script);
  const packages = packagesIn((await scene.survey()).elves, {
    machineName: program.elf.machineName,
    version,
    folders: pythonPathOf(scene),
  });
  const unfit = [...packages.values()].filter(({ paths }) => !paths.some((path) => fits(path, version)));
  const wanted = unfit.filter(({ name }) => imported.has(name));
  if (unfit.length === 0) return [];
  const names = (wanted.length > 0 ? wanted : unfit).map(({ name }) => name);
  const paths = unfit.flatMap(({ paths: [first] }) => (first === undefined ? [] : [first]));
  return [
    {
      says: `the compiled modules of ${listed(names)} are for another Python than ${version}, which runs`,
      severity: wanted.length > 0 ? 'degrades' : 'notes',
      missing: names,
      about: { version, paths },
    },
  ];
}

interface Package {
  readonly name: string;
  readonly paths: string[];
}

/** Compiled modules by the package that they lie in, of those that the interpreter finds. */
function packagesIn(
  elves: readonly SurveyedElf[],
  { machineName, version, folders }: Looked,
): ReadonlyMap<string, Package> {
  const packages = new Map<string, Package>();
  for (const { path, elf } of elves) {
    if (elf.machineName !== machineName || !path.endsWith('.so') || path.includes('.libs/')) continue;
    const name = topOf(path, version, folders);
    if (name === undefined) continue;
    const known = packages.get(name) ?? { name, paths: [] };
    packages.set(name, known);
    known.paths.push(path);
  }
  return packages;
}

interface Looked {
  readonly machineName: string;
  readonly version: string;
  readonly folders: readonly string[];
}

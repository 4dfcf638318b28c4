import { closureOfLibrary } from '../../../../facts/loader/index.ts';
import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import { baseName } from '../../../../kit/index.ts';
import type { Scene } from '../../rule.ts';
import type { LateLibrary } from './late-lib-missing.ts';
import { missingVersions } from './late-versions.ts';
import { libcOf } from './libc-of.ts';
import { listed } from './listed.ts';
import { reachedModules } from './reached-modules.ts';

/** Libraries that native modules of an interpreter need and the loader does not find: one answer for each module. */
export async function missingOfModules(scene: Scene, program: ProgramFacts): Promise<readonly LateLibrary[]> {
  const modules = (await reachedModules(scene)).filter(({ elf }) => isForProgram(elf, program));
  const found: LateLibrary[] = [];
  const told = new Set<string>();
  for (const { path } of modules) {
    const answer = await closureOfLibrary(program.closure, path);
    const names = answer.library === undefined ? [] : answer.missing.map(({ name }) => name);
    const wanted = [...new Set(names)].filter((name) => !told.has(name));
    for (const name of wanted) told.add(name);
    found.push(...missingVersions(answer));
    found.push(...(await missingFor(scene, program, { path, names: wanted })));
  }
  return found;
}

/** What is for another libc or machine has rules of its own. */
const isForProgram = (elf: ProgramFacts['elf'], program: ProgramFacts): boolean =>
  elf.machineName === program.elf.machineName && [undefined, program.closure.flavour].includes(libcOf(elf));

async function missingFor(
  scene: Scene,
  program: ProgramFacts,
  { path, names }: { readonly path: string; readonly names: readonly string[] },
): Promise<readonly LateLibrary[]> {
  if (names.length === 0) return [];
  const elsewhere = await namesInPackages(scene);
  const absent = names.filter((name) => !elsewhere.has(name));
  const [name = '', ...others] = absent.length > 0 ? absent : names;
  const isAre = others.length > 0 ? 'are' : 'is';
  const says = `${path}, which ${baseName(program.path)} loads as a module, needs ${listed([name, ...others])}, which ${isAre} not where it is looked for`;
  return [{ name, others, by: path, says, severity: absent.length > 0 ? 'degrades' : 'notes' }];
}

const ofPackages = /\/((site|dist)-packages|node_modules|gems|extensions)\//;
const known = new WeakMap<Scene, Promise<ReadonlySet<string>>>();

/** Packages load libraries of their own by their paths before the modules that need them. */
function namesInPackages(scene: Scene): Promise<ReadonlySet<string>> {
  const names = known.get(scene) ?? readNames(scene);
  known.set(scene, names);
  return names;
}

async function readNames(scene: Scene): Promise<ReadonlySet<string>> {
  const own = (await scene.survey()).elves.filter(({ path }) => ofPackages.test(path));
  return new Set(own.flatMap(({ path, elf }) => [baseName(path), elf.dynamic?.soname ?? '']));
}

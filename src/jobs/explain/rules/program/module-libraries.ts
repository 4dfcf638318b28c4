import { closureOfLibrary } from '../../../../facts/loader/index.ts';
import type { ProgramFacts } from '../../../../facts/programs/index.ts';
import { baseName } from '../../../../kit/index.ts';
import type { Scene } from '../../rule.ts';
import type { LateLibrary } from './late-lib-missing.ts';
import { libcOf } from './libc-of.ts';
import { reachedModules } from './reached-modules.ts';

/** Libraries that native modules of an interpreter need and the loader does not find. */
export async function missingOfModules(scene: Scene, program: ProgramFacts): Promise<readonly LateLibrary[]> {
  const modules = (await reachedModules(scene)).filter(({ elf }) => isForProgram(elf, program));
  const missing: LateLibrary[] = [];
  for (const { path } of modules) {
    const answer = await closureOfLibrary(program.closure, path);
    for (const { name, wantedBy } of answer.library === undefined ? [] : answer.missing) {
      const says = `${wantedBy}, which ${baseName(program.path)} loads as a module, needs ${name}, which is not there`;
      missing.push({ name, by: wantedBy, says, severity: (await liesElsewhere(scene, name)) ? 'notes' : 'degrades' });
    }
  }
  return missing;
}

/** What is for another libc or machine has rules of its own. */
const isForProgram = (elf: ProgramFacts['elf'], program: ProgramFacts): boolean =>
  elf.machineName === program.elf.machineName && [undefined, program.closure.flavour].includes(libcOf(elf));

const ofPackages = /\/((site|dist)-packages|node_modules|gems|extensions)\//;

/** Packages load libraries of their own by their paths before the modules that need them. */
async function liesElsewhere(scene: Scene, name: string): Promise<boolean> {
  return (await scene.survey()).elves.some(
    ({ path, elf }) => ofPackages.test(path) && (baseName(path) === name || elf.dynamic?.soname === name),
  );
}

import type { Found, Rule, Scene } from '../../rule.ts';
import { listed } from './listed.ts';
import { reachedModules } from './reached-modules.ts';
import { isRelease } from './releases.ts';

export const execstack: Rule = {
  code: 'execstack',
  severity: 'degrades',
  title: 'glibc refuses to load a module, since it asks for a stack that can be executed.',
  sees: ['glibc: cannot enable executable stack as shared object requires: Invalid argument'],
  why: 'Since release 2.41 glibc no longer makes the stack executable for a library that is opened while the program runs. Libraries ask for it by a PT_GNU_STACK with the flag X, mostly by mistake: one file in assembler without a .note.GNU-stack section is enough.',
  fix: 'Use a newer build of the module, or take the flag away with `patchelf --clear-execstack FILE`.',
  dockerfile: 'RUN patchelf --clear-execstack /srv/lib/libfoo.so',
  judge: judgeStacks,
};

async function judgeStacks(scene: Scene): Promise<readonly Found[]> {
  const { program } = scene;
  const release = program?.closure.profile?.version;
  if (program?.closure.flavour !== 'glibc' || !isRelease(release, '2.41')) return [];
  // A process that began with such a stack may load more that want it.
  if (program.closure.objects.some(({ elf }) => elf.stack === 'executable')) return [];
  const paths = (await reachedModules(scene)).filter(({ elf }) => elf.stack === 'executable').map(({ path }) => path);
  if (paths.length === 0) return [];
  const says = `${listed(paths)} ${paths.length === 1 ? 'asks' : 'ask'} for an executable stack, which glibc ${release} refuses`;
  return [{ says, about: { paths } }];
}

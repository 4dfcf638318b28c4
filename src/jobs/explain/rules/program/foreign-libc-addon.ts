import { closureOfLibrary } from '../../../../facts/loader/index.ts';
import type { ProgramFacts, SurveyedElf } from '../../../../facts/programs/index.ts';
import { baseName } from '../../../../kit/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { libcOf } from './libc-of.ts';
import { reachedModules } from './reached-modules.ts';

export const foreignLibcAddon: Rule = {
  code: 'foreign-libc-addon',
  severity: 'degrades',
  title: 'A native module was built for another libc than the interpreter uses.',
  sees: [
    'musl: Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /srv/node_modules/sharp/build/Release/sharp.node)',
    'node: Error: libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory (code ERR_DLOPEN_FAILED)',
    'node: Error: Could not load the "sharp" module using the linuxmusl-x64 runtime',
    'ruby: LoadError: Error relocating /usr/local/bundle/gems/nokogiri/lib/nokogiri/nokogiri.so: __vsnprintf_chk: symbol not found',
    "python: ModuleNotFoundError: No module named '_cffi_backend'",
  ],
  why: 'Modules with compiled parts are published for glibc and for musl apart. node_modules, gems or site-packages that were installed on Debian and copied to Alpine, or the other way round, bring those of the other libc.',
  fix: 'Install the modules in a stage with the same base as the final image, and keep node_modules out of the build context.',
  dockerfile: 'RUN npm ci --omit=dev --os=linux --libc=musl',
  judge: judgeAddons,
};

async function judgeAddons(scene: Scene): Promise<readonly Found[]> {
  const { program } = scene;
  const modules = await reachedModules(scene);
  if (program === undefined || modules.length === 0) return [];
  const own = new Set(modules.filter((one) => isForProgram(one, program)).map(({ path }) => familyOf(path)));
  const found: Found[] = [];
  for (const { path, elf } of modules) {
    const libc = libcOf(elf);
    if (libc === undefined || elf.machineName !== program.elf.machineName) continue;
    if (libc === program.closure.flavour || own.has(familyOf(path))) continue;
    const missing = (await closureOfLibrary(program.closure, path)).missing.map(({ name }) => name);
    if (missing.length === 0) continue;
    const says = `${path} was built for ${libc}, and ${baseName(program.path)} runs with ${program.closure.flavour}`;
    found.push({ says, missing, about: { path, libc } });
  }
  return found;
}

const isForProgram = ({ elf }: SurveyedElf, program: ProgramFacts): boolean =>
  elf.machineName === program.elf.machineName && libcOf(elf) === program.closure.flavour;

/** Equal for the same module of two libcs: `linux-x64-musl/x.node` and `linux-x64-gnu/x.node`, `linuxmusl-x64` and `linux-x64`. */
const familyOf = (path: string): string => path.replace(/[-._]?(musl|gnu|glibc)/g, '');

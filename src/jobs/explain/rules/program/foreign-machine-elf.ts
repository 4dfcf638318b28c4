import type { SurveyedElf } from '../../../../facts/programs/index.ts';
import { machineOf, platformOf, runsOn } from '../../../../formats/elf/index.ts';
import { parentPath } from '../../../../kit/index.ts';
import { resolve } from '../../../../rootfs/index.ts';
import type { Found, Rule, Scene } from '../../rule.ts';
import { listed } from './listed.ts';
import { reachedModules } from './reached-modules.ts';

export const foreignMachineElf: Rule = {
  code: 'foreign-machine-elf',
  severity: 'notes',
  title: "Files of the image are for another machine than the image's platform.",
  sees: [
    'container: exec /usr/local/bin/tool: exec format error',
    'sh: /bin/sh: 1: tool: Exec format error',
    "python: OSError: [Errno 8] Exec format error: 'tool'",
    'node: Error: /srv/node_modules/bcrypt/lib/binding/napi-v3/bcrypt_lib.node: cannot open shared object file: No such file or directory',
    'node: Error: /srv/node_modules/bcrypt/lib/binding/napi-v3/bcrypt_lib.node: wrong ELF class: ELFCLASS32',
    'node, with musl: Error: Error loading shared library /srv/node_modules/sharp/build/Release/sharp.node: Exec format error',
    'python: ImportError: /usr/lib/python3/dist-packages/foo.so: cannot open shared object file: No such file or directory',
  ],
  why: 'The image says one machine, and programs or libraries in it are for another: copied from a build stage or a host of another architecture, or downloaded for the wrong one. The command itself may start all the same; what calls these files fails, and glibc says of a library that is there that there is no such file.',
  fix: 'Build or download them for the platform of the image: let the Dockerfile choose by TARGETARCH.',
  dockerfile: 'ARG TARGETARCH\nADD https://example.org/tool-linux-$TARGETARCH /usr/local/bin/tool',
  judge: judgeMachines,
};

async function judgeMachines(scene: Scene): Promise<readonly Found[]> {
  const architecture = architectureOf(scene);
  const own = machineOf({ architecture })?.name;
  if (own === undefined) return [];
  const chain = new Set<string>(scene.verdict.chain.map(({ path }) => path));
  const foreign = (await scene.survey()).elves.filter((one) => isForeign(one, architecture) && !chain.has(one.path));
  const called = new Set<string>([...(await commandsIn(scene, foreign)), ...(await modulesIn(scene, foreign))]);
  const machines = [...new Set(foreign.map(({ elf }) => elf.machineName))].sort();
  return machines.map((machine) => {
    const files = foreign.filter(({ elf }) => elf.machineName === machine).map(({ path }) => path);
    const wanted = files.filter((path) => called.has(path));
    const paths = [...wanted, ...files.filter((path) => !called.has(path))];
    return {
      says: `${listed(paths)} ${paths.length === 1 ? 'is' : 'are'} for ${machine}, and the image for ${own}`,
      severity: wanted.length > 0 ? 'degrades' : 'notes',
      about: { machine, count: paths.length, paths: paths.slice(0, mostPaths) },
    };
  });
}

const mostPaths = 100;
/** What is not meant for the machine's kernel: parts of firmware and boot loaders, examples, debug data, other systems. */
const apart =
  /\/(firmware|boot|grub|syslinux|testdata|test_data|fixtures|debug|dbgsym|qemu[\w-]*|gcc-cross|crossbuild|sysroots?|android[\w-]*|bpf|skels?)\//;
const ownNames: Readonly<Record<string, string>> = {
  x86_64: 'x86[-_]?64|amd64|x64',
  i386: 'i[3-6]86|ia32|x86|x32|win32',
  aarch64: 'aarch64|arm64',
  arm: 'arm',
  armhf: 'arm',
};
const rooms = /^\/(var\/lib\/(docker|containers|containerd|lxc|machines)|proc|sys|dev|mnt|media)\//;

/** That of a program which starts though the image says another: then the image is wrong, and not all of its files. */
function architectureOf({ program, platform, verdict }: Scene): string {
  const isOther = verdict.starts === 'yes' && program !== undefined && !runsOn(program.elf, platform.architecture);
  return (isOther && platformOf(program.elf)?.architecture) || platform.architecture;
}

function isForeign({ path, elf }: SurveyedElf, architecture: string): boolean {
  const { machineName } = elf;
  if (elf.type !== 'executable' && elf.type !== 'shared') return false;
  if (runsOn(elf, architecture) || machineName === 'bpf' || machineName.startsWith('machine-')) return false;
  return !apart.test(path) && !rooms.test(path) && !saysItself(path, machineName);
}

/** `/opt/tools/linux-arm64/x`, `/usr/aarch64-linux-gnu/lib`: who names the machine means it. */
function saysItself(path: string, machineName: string): boolean {
  const names = ownNames[machineName] ?? machineName.replace(/(el|le|be|eb)$/, '');
  return new RegExp(`(^|[^a-z0-9])[a-z]*(${names})`, 'i').test(path);
}

/** Those that someone can call by their name. */
async function commandsIn({ tree, env }: Scene, foreign: readonly SurveyedElf[]): Promise<readonly string[]> {
  const directories = new Set<string>();
  for (const directory of foreign.length === 0 ? [] : (env.get('PATH') ?? '').split(':')) {
    const found = await resolve(tree, directory);
    if (found.found) directories.add(found.path);
  }
  const programs = foreign.filter(({ elf }) => elf.type === 'executable' || elf.isPie);
  return programs.map(({ path }) => path).filter((path) => directories.has(parentPath(path)));
}

async function modulesIn(scene: Scene, foreign: readonly SurveyedElf[]): Promise<readonly string[]> {
  if (foreign.length === 0) return [];
  const reached = new Set<string>((await reachedModules(scene)).map(({ path }) => path));
  return foreign.map(({ path }) => path).filter((path) => reached.has(path));
}

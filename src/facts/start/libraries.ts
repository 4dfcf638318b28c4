import { damageOf, type Elf } from '../../formats/elf/index.ts';
import { readAll, rootPath } from '../../kit/index.ts';
import { resolve } from '../../rootfs/index.ts';
import { type Closure, closureOf, type LoadedObject, levelNamesOf, type MissingLibrary } from '../loader/index.ts';
import { isaProblem } from './isa.ts';
import type { Command } from './lookup.ts';
import type { Setting } from './setting.ts';
import { symbolProblems } from './symbols.ts';
import { type Problem, problem } from './verdict.ts';

const setUserId = 0o4000;
const setGroupId = 0o2000;
const libcLimitBytes = 64 * 1024 * 1024;

/** What the loader stops at, in its order: libraries, the CPU, symbol versions, symbols. */
export async function libraryProblem(setting: Setting, command: Command, elf: Elf): Promise<Problem | undefined> {
  if (elf.interpreter === undefined) return undefined;
  const cwd = await resolve(setting.tree, setting.cwd);
  const cpu = levelNamesOf(elf.machineName, setting.cpuLevel);
  const closure = await closureOf(setting.tree, command.path, {
    env: setting.env,
    secure: isSecure(setting, command),
    cwd: cwd.found ? cwd.path : rootPath,
    as: setting.as,
    ...(cpu !== undefined && { cpu }),
  });
  setting.closures.push(closure);
  const [missing] = closure.missing;
  if (missing !== undefined) return missingLibrary(missing);
  return (
    (await damagedLibrary(setting, closure)) ??
    (await skew(setting, closure)) ??
    isaProblem(closure, setting.cpuLevel) ??
    versionProblem(closure) ??
    (await symbolProblem(setting, closure))
  );
}

async function symbolProblem(setting: Setting, closure: Closure): Promise<Problem | undefined> {
  const { atStart, atCall } = await symbolProblems(setting.tree, closure, setting.env);
  setting.late.push(...atCall);
  return atStart;
}

/** Set-uid or set-gid to another id (execve(2), AT_SECURE); root's own privileges change nothing. */
function isSecure({ as }: Setting, { node }: Command): boolean {
  const changesUser = (node.mode & setUserId) !== 0 && node.uid !== as.uid;
  const changesGroup = (node.mode & setGroupId) !== 0 && (node.mode & 0o010) !== 0 && node.gid !== as.gids[0];
  return changesUser || changesGroup || (as.uid !== 0 && node.xattrs.has('security.capability'));
}

const causes = {
  absent: 'lib-missing',
  'other-machine': 'lib-wrong-arch',
  denied: 'lib-permission',
  invalid: 'lib-invalid',
} as const;

function missingLibrary({ name, wantedBy, problem: why, at, detail }: MissingLibrary): Problem {
  const where = at === undefined ? 'is nowhere that the loader looks' : `is only there as ${at}, and ${detail}`;
  return problem(causes[why], `${name}, which ${wantedBy} needs, ${where}`, { missing: [name], subject: wantedBy });
}

async function damagedLibrary({ tree }: Setting, { objects }: Closure): Promise<Problem | undefined> {
  for (const { path, elf, requested, wantedBy } of objects.slice(1)) {
    const node = await tree.lookup(path);
    const damage = node && damageOf(elf, node.sizeBytes);
    if (damage !== undefined) {
      return problem('lib-invalid', `${path} ${damage}`, { missing: [requested], subject: wantedBy });
    }
  }
  return undefined;
}

function versionProblem({ versionProblems }: Closure): Problem | undefined {
  const found = versionProblems.find(({ kind }) => kind === 'missing');
  if (found === undefined) return undefined;
  const says = `${found.library} does not define ${found.version}, which ${found.wantedBy} requires`;
  return problem('version-missing', says, { missing: [found.version], subject: found.wantedBy });
}

/** Only a libc that does not lie beside the loader is looked into: both come from one package else. */
async function skew(setting: Setting, closure: Closure): Promise<Problem | undefined> {
  const libc = closure.objects.find(({ elf }) => elf.dynamic?.soname === 'libc.so.6');
  const loader = closure.interpreter?.path;
  const own = closure.profile?.version;
  if (libc === undefined || loader === undefined || own === undefined || closure.flavour !== 'glibc') return undefined;
  if (directoryOf(libc.path) === directoryOf(loader)) return undefined;
  const release = await releaseOf(setting, libc);
  if (release === undefined || release === own) return undefined;
  const says = `the loader ${loader} is of glibc ${own}, and ${libc.path} is of glibc ${release}`;
  return problem('libc-loader-skew', says, { missing: [libc.path], subject: closure.program });
}

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

async function releaseOf({ tree }: Setting, { path }: LoadedObject): Promise<string | undefined> {
  const node = await tree.lookup(path);
  if (node === undefined || node.sizeBytes > libcLimitBytes) return undefined;
  const text = (await readAll(node.content, libcLimitBytes)).toString('latin1');
  return /(?:stable|development) release version (\d+\.\d+)/.exec(text)?.[1];
}

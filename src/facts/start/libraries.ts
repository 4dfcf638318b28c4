import { damageOf, type Elf } from '../../formats/elf/index.ts';
import { rootPath } from '../../kit/index.ts';
import { resolve } from '../../rootfs/index.ts';
import { type Closure, closureOf, levelNamesOf, type MissingLibrary } from '../loader/index.ts';
import { isaProblem } from './isa.ts';
import type { Command } from './lookup.ts';
import type { Setting } from './setting.ts';
import { skewProblem } from './skew.ts';
import { symbolProblems } from './symbols.ts';
import { type Problem, problem } from './verdict.ts';

const setUserId = 0o4000;
const setGroupId = 0o2000;

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
    (await skewProblem(setting.tree, closure)) ??
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

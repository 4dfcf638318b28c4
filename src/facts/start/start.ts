import type { Platform, ProcessConfig } from '../../formats/oci/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import type { CpuLevel } from '../loader/index.ts';
import { type Container, prepareContainer } from './container.ts';
import { execute } from './execute.ts';
import { findCommand } from './lookup.ts';
import { containerView, isOfProcesses, withWorkingDirectory } from './mounts.ts';
import type { Setting } from './setting.ts';
import { isProblem, type Problem, type StartVerdict } from './verdict.ts';

export interface StartOptions {
  /** The image's platform; its architecture is that of the machine too where `architecture` is not given. */
  readonly platform: Platform;
  /** OCI's name of the machine that is to run it. */
  readonly architecture?: string;
  /** The x86-64 level of its processor. Default: 3, which servers have had since 2013. */
  readonly cpuLevel?: CpuLevel;
}

const mostPrograms = 2000;

/**
 * Whether a container of these files with this configuration would hand control to its program, by the rules of
 * docker's engine, runc, the kernel and the loader in the tree. Nothing is executed.
 */
export async function startOf(tree: FileTree, config: ProcessConfig, options: StartOptions): Promise<StartVerdict> {
  const view = containerView(tree);
  const container = await prepareContainer(view, config, options.platform);
  if (isProblem(container)) {
    return verdictOf(container, { argv: [], chain: [], closures: [], late: [], as: undefined, undecided: [] });
  }
  return follow(
    {
      tree: await withWorkingDirectory(view, container.cwd),
      env: container.env,
      cwd: container.cwd,
      as: container.as,
      architecture: options.architecture ?? options.platform.architecture,
      cpuLevel: options.cpuLevel ?? 3,
      chain: { push: () => undefined },
      links: [],
      closures: [],
      late: [],
      undecided: [],
      depth: 0,
      budget: { programs: mostPrograms },
      execute,
    },
    container,
  );
}

async function follow(setting: Setting, { argv }: Container): Promise<StartVerdict> {
  const { links: chain, closures, late, as, undecided } = setting;
  const seen = { argv, chain, closures, late, as, undecided };
  const command = await findCommand(setting, argv);
  const isAbsent = isProblem(command) && /^entrypoint-(missing|dangling-symlink)$/.test(command.cause);
  const hidden = isAbsent ? [...command.missing, argv[0] ?? ''].find(isOfProcesses) : undefined;
  if (hidden !== undefined) {
    undecided.push(`${hidden} lies where only a running container has files`);
    return verdictOf(undefined, seen);
  }
  if (isProblem(command)) return verdictOf(command, seen);
  const stopped = await execute(setting, command, argv);
  return verdictOf(stopped, { ...seen, path: command.path });
}

type Seen = Pick<StartVerdict, 'argv' | 'chain' | 'closures' | 'late' | 'as' | 'undecided'> &
  Partial<Pick<StartVerdict, 'path'>>;

function verdictOf(found: Problem | undefined, seen: Seen): StartVerdict {
  const common = { path: undefined, ...seen };
  if (found !== undefined) return { starts: 'no', ...found, ...common, undecided: [] };
  const [reason] = seen.undecided;
  return {
    starts: reason === undefined ? 'yes' : 'unknown',
    cause: null,
    missing: [],
    subject: reason === undefined ? undefined : seen.argv[0],
    says: reason ?? 'control reaches the program',
    ...common,
  };
}

import type { Platform, ProcessConfig } from '../../formats/oci/index.ts';
import type { FileTree } from '../../rootfs/index.ts';
import { type Container, prepareContainer } from './container.ts';
import { execute } from './execute.ts';
import { findCommand } from './lookup.ts';
import type { Setting } from './setting.ts';
import { isProblem, type Problem, type StartVerdict } from './verdict.ts';

export interface StartOptions {
  /** The image's platform; its architecture is that of the machine too where `architecture` is not given. */
  readonly platform: Platform;
  /** OCI's name of the machine that is to run it. */
  readonly architecture?: string;
}

/** What the engine mounts over the image: nothing that lies there in the image is seen. */
const mounted = /^\/(proc|sys|dev)(\/|$)/;

/**
 * Whether a container of these files with this configuration would hand control to its program, by the rules of
 * docker's engine, runc, the kernel and the loader in the tree. Nothing is executed.
 */
export async function startOf(tree: FileTree, config: ProcessConfig, options: StartOptions): Promise<StartVerdict> {
  const container = await prepareContainer(tree, config, options.platform);
  if (isProblem(container)) return verdictOf(container, { argv: [], chain: [], closures: [], late: [], as: undefined });
  const setting: Setting = {
    tree,
    env: config.env,
    cwd: container.cwd,
    as: container.as,
    architecture: options.architecture ?? options.platform.architecture,
    chain: [],
    closures: [],
    late: [],
  };
  return mounted.test(container.argv[0] ?? '') ? hidden(container) : follow(setting, container);
}

async function follow(setting: Setting, { argv }: Container): Promise<StartVerdict> {
  const command = await findCommand(setting, argv);
  const { chain, closures, late, as } = setting;
  if (isProblem(command)) return verdictOf(command, { argv, chain, closures, late, as });
  const stopped = await execute(setting, command, argv.slice(1));
  return verdictOf(stopped, { argv, chain, closures, late, as, path: command.path });
}

const hidden = ({ argv, as }: Container): StartVerdict => ({
  starts: 'unknown',
  cause: null,
  missing: [],
  subject: argv[0],
  says: `${argv[0]} lies below what the engine mounts`,
  argv,
  path: undefined,
  chain: [],
  closures: [],
  late: [],
  as,
});

type Seen = Pick<StartVerdict, 'argv' | 'chain' | 'closures' | 'late' | 'as'> & Partial<Pick<StartVerdict, 'path'>>;

function verdictOf(found: Problem | undefined, seen: Seen): StartVerdict {
  const common = { path: undefined, ...seen };
  if (found !== undefined) return { starts: 'no', ...found, ...common };
  return {
    starts: 'yes',
    cause: null,
    missing: [],
    subject: undefined,
    says: 'control reaches the program',
    ...common,
  };
}

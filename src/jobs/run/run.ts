import { findUser, type UserAnswer } from '../../facts/users/index.ts';
import { formatPlatform, type Platform, type ProcessConfig, platformMatches } from '../../formats/oci/index.ts';
import {
  type BindMount,
  commandOf,
  environmentOf,
  type Limits,
  type NetworkMode,
  type Rlimit,
  resolveCapabilities,
  type SecurityOptions,
  type TmpfsMount,
} from '../../formats/runtime/index.ts';
import type { Image } from '../../image/index.ts';
import { Fault } from '../../kit/index.ts';
import { hostTree } from '../../rootfs/index.ts';
import {
  boundingCapabilities,
  type Container,
  containerId,
  hostName,
  rootOf,
  run,
  type SignalRelay,
  type StartFailure,
} from '../../sandbox/index.ts';
import { findRefusal } from './explain.ts';

/** The flags of `docker run` that there are, parsed. */
export interface RunOptions {
  /** Where unpacked images and running containers are kept. */
  readonly stateDir: string;
  /** PATH of the host. */
  readonly path: string;
  readonly machine: Platform;
  readonly args: readonly string[];
  readonly entrypoint?: string;
  /** `NAME=value` or, to take one away, `NAME`. */
  readonly env: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
  readonly hostname?: string;
  readonly network: NetworkMode;
  readonly binds: readonly BindMount[];
  readonly tmpfs: readonly TmpfsMount[];
  readonly readOnlyRoot: boolean;
  readonly limits: Limits;
  readonly rlimits: readonly Rlimit[];
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly security: SecurityOptions;
  readonly stdin: boolean;
  readonly terminal: boolean;
  /** `runc`, `crun`, a path or `namespaces`; default: the first that is there. */
  readonly runtime?: string;
  readonly note: (text: string) => void;
  readonly relay: SignalRelay;
}

/**
 * Runs an image's program to its end, with our standard streams and signals. Resolves to its exit code.
 * @throws {Fault} PROGRAM_WONT_START and RUNTIME_FAILED, with docker's code as `exitCode` in `about`; CONFIG_MALFORMED
 *   for a config that docker would refuse, OPTION_INVALID, and what the sandbox throws.
 */
export function runImage(image: Image, options: RunOptions): Promise<number> {
  const { process, platform } = image.config.value;
  checkPlatform(platform, options);
  const { stateDir, relay } = options;
  const unpack = () => rootOf(image, { rootsDir: `${stateDir}/roots`, signal: relay.signal });
  return runFiles({ process, platform, unpack }, options);
}

/** Runs a program of a directory that is a root file system, as if that were an image. Faults as {@link runImage}. */
export function runDirectory(directory: string, options: RunOptions): Promise<number> {
  const process: ProcessConfig = { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] };
  return runFiles({ process, platform: options.machine, unpack: async () => directory }, options);
}

interface Runnable {
  readonly process: ProcessConfig;
  readonly platform: Platform;
  /** The directory with its files. */
  unpack(): Promise<string>;
}

async function runFiles({ process: config, platform, unpack }: Runnable, options: RunOptions): Promise<number> {
  const args = commandOf(config, options);
  const cwd = workingDirectory(config, options);
  const rootDirectory = await unpack();
  const user = checkUser(await findUser(hostTree(rootDirectory), options.user ?? config.user ?? ''));
  const container = containerOf({ args, cwd, config, user }, options);
  const outcome = await run({ rootDirectory, container }, { ...options, runsDir: `${options.stateDir}/runs` });
  if (outcome.failure !== undefined) throw notStarted(outcome.failure);
  // What a mount brings or hides is not seen from here.
  if (options.binds.length + options.tmpfs.length > 0) return outcome.exitCode;
  const ids = `${user.uid}:${user.gid}`;
  const process = { ...config, entrypoint: args, cmd: [], env: container.env, workingDir: cwd, user: ids };
  const ran = { rootDirectory, process, platform, architecture: options.machine.architecture };
  const refusal = await findRefusal(outcome.exitCode, ran);
  if (refusal === undefined) return outcome.exitCode;
  throw refusal;
}

function notStarted({ message, exitCode, said }: StartFailure): Fault {
  if (!said && exitCode !== 125) {
    const hint = 'Give the path of a program that is there and that this user may execute.';
    return new Fault('PROGRAM_WONT_START', message, { hint, about: { exitCode } });
  }
  const words = said ? 'the container runtime, whose words stand above, did not start the program' : message;
  const hint = 'Another runtime may do it: --runtime takes runc, crun, youki or namespaces.';
  return new Fault('RUNTIME_FAILED', words, { hint, about: { exitCode } });
}

interface Chosen {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly config: ProcessConfig;
  readonly user: FoundUser;
}

function containerOf({ args, cwd, config, user }: Chosen, options: RunOptions): Container {
  const id = containerId();
  const hostname = options.hostname ?? (options.network === 'host' ? hostName() : id);
  const { capAdd: add, capDrop: drop, terminal, network, readOnlyRoot, binds, tmpfs, limits, rlimits } = options;
  return {
    ...{ id, args, cwd, hostname, home: user.home },
    env: environmentOf(config, { hostname, terminal, change: options.env }),
    user: { uid: user.uid, gid: user.gid, additionalGids: user.groups },
    capabilities: resolveCapabilities({ add, drop, bounding: boundingCapabilities() }),
    ...options.security,
    ...{ terminal, network, readOnlyRoot, binds, tmpfs, limits, rlimits },
  };
}

/** Another architecture may still run, through an emulator: docker only says so, too. */
function checkPlatform(platform: Platform, { machine, note }: RunOptions): void {
  if (platform.os !== '' && platform.os !== 'linux') {
    throw new Fault(
      'UNSUPPORTED',
      `image operating system ${JSON.stringify(platform.os)} cannot be used on this platform`,
      {
        hint: 'Choose a linux image with --platform, where the place has one.',
      },
    );
  }
  if (platformMatches(machine, platform)) return;
  note(`the image is for ${formatPlatform(platform)}, this machine is ${formatPlatform(machine)}`);
}

function workingDirectory(config: ProcessConfig, { workingDir }: RunOptions): string {
  const cwd = workingDir ?? (config.workingDir || '/');
  if (cwd.startsWith('/')) return cwd;
  throw new Fault('OPTION_INVALID', `the working directory '${cwd}' is invalid, it needs to be an absolute path`, {
    hint: 'Give another one with -w.',
  });
}

type FoundUser = Extract<UserAnswer, { found: true }>;

function checkUser(answer: UserAnswer): FoundUser {
  if (answer.found) return answer;
  const file = answer.what === 'user' ? 'passwd' : 'group';
  const why = /^\d+$/.test(answer.name)
    ? 'uids and gids must be in range 0-2147483647'
    : `no matching entries in ${file} file`;
  throw new Fault('CONFIG_MALFORMED', `unable to find ${answer.what} ${answer.name}: ${why}`, {
    hint: `Give a number with -u, or an image whose /etc/${file} has that name.`,
  });
}

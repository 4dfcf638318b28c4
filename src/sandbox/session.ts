import type { ChildProcess, StdioOptions } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BindMount,
  type ContainerUser,
  type HostFacts,
  type RuntimeSpec,
  runtimeSpec,
} from '../formats/runtime/index.ts';
import { Fault } from '../kit/index.ts';
import type { Container } from './container.ts';
import { writeEtcFiles } from './etc.ts';
import { hostFacts, unifiedMount } from './host.ts';
import { launch, signalTarget } from './launch.ts';
import { firstProcess, namespacesNote, namespacesScript, unshareFlags } from './namespaces.ts';
import { withinHardLimits } from './rlimits.ts';
import {
  makeRunDirectory,
  type RunDirectory,
  removeLeftovers,
  removeRunDirectory,
  writeSpec,
} from './run-directory.ts';
import { findRuntime, findTools, type HostTools, type Runtime } from './runtime.ts';
import { keepErrors, restoreErrors, rootScript, shellWords } from './script.ts';
import type { SignalTarget } from './signals.ts';

export interface SandboxOptions {
  /** Where runs keep what they change, on a disk; made when it is missing. */
  readonly runsDir: string;
  /** PATH of the host, where the runtime and its tools are looked up. */
  readonly path: string;
  /** `runc`, `crun`, a path, or `namespaces`; default: the first that is there. */
  readonly runtime?: string;
  /** Takes a sentence about what could not be had. */
  readonly note?: (text: string) => void;
}

/** One program and the files it sees. */
export interface Subject {
  /** Shown as the root; never written to. */
  readonly rootDirectory: string;
  readonly container: Container;
}

/** A run that is ready to start. */
export interface Session {
  /** The container's. */
  readonly id: string;
  readonly directory: RunDirectory;
  start(stdio: StdioOptions): ChildProcess;
  targetOf(child: ChildProcess): SignalTarget;
}

/** Makes a run's directory, lets `act` start the program, and leaves nothing behind. */
export async function withSession<T>(
  subject: Subject,
  options: SandboxOptions,
  act: (session: Session) => Promise<T>,
): Promise<T> {
  const host = hostFacts();
  const withoutCgroups = host.cgroups === 'none' && !host.userNamespace;
  const runtime = findRuntime(options.path, { name: options.runtime, withoutCgroups });
  const tools = findTools(options.path);
  removeLeftovers(options.runsDir, options.path);
  const directory = makeRunDirectory(options.runsDir, subject.container.id, subject.rootDirectory);
  try {
    const plan: Plan = { ...subject, options, runtime, tools, directory, host };
    const argv = await prepare(plan);
    const { terminal } = subject.container;
    return await act({
      id: subject.container.id,
      directory,
      start: (stdio) => launch(argv, directory, { path: options.path, stdio, terminal }),
      targetOf: (child) => signalTarget(child, directory, { direct: runtime.kind === 'namespaces', terminal }),
    });
  } finally {
    removeRunDirectory(directory.path, options.path);
  }
}

interface Plan extends Subject {
  readonly options: SandboxOptions;
  readonly runtime: Runtime;
  readonly tools: HostTools;
  readonly directory: RunDirectory;
  readonly host: HostFacts;
}

/** Writes what the runtime reads; returns the command line that mounts the root and becomes the runtime. */
async function prepare(plan: Plan): Promise<string[]> {
  const spec = specOf(plan);
  sayWhatIsMissing(plan);
  const { rootDirectory, directory, runtime, tools, host, container } = plan;
  const upper = isWithin(directory.path, rootDirectory) ? 'memory' : 'disk';
  const root = rootScript({ upper, userNamespace: host.userNamespace });
  if (runtime.kind === 'namespaces') {
    const settings = {
      spec,
      rootDirectory,
      home: container.home,
      pidPath: directory.pidPath,
      keepGroups: host.singleId,
    };
    const script = await namespacesScript({ ...settings, setpriv: runtime.program, unshare: tools.unshare });
    return [tools.unshare, ...unshareFlags(spec), tools.sh, '-c', firstProcess(tools.sh, `${root}\n${script}`)];
  }
  writeSpec(directory, spec);
  writeFileSync(join(directory.path, 'runtime'), runtime.program);
  return [tools.unshare, '--mount', tools.sh, '-c', `${keepErrors}\n${root}\n${ociScript(plan)}`];
}

function specOf({ container, directory, host }: Plan): RuntimeSpec {
  if (host.singleId && (container.user.uid !== 0 || container.user.gid !== 0)) throw noSuchId(container.user);
  makeSources(container.binds);
  const etc = writeEtcFiles(directory.path, container);
  const taken = new Set(container.binds.map(({ target }) => target));
  return runtimeSpec(
    {
      ...container,
      // runc refuses a root that is a link, and takes a relative one from the bundle.
      rootPath: join(directory.path, 'merged'),
      binds: [...container.binds, ...etc.filter(({ target }) => !taken.has(target))],
      rlimits: withinHardLimits(container.rlimits),
    },
    host,
  );
}

function ociScript({ runtime, directory, container, host }: Plan): string {
  const isCrun = runtime.name === 'crun';
  const unified = isCrun && !host.userNamespace ? unifiedMount() : undefined;
  return [
    // crun refuses cgroups v1 with controllers of v2 beside them; this mount namespace can do without those.
    ...(unified === undefined ? [] : [`umount ${unified}`]),
    ...restoreErrors,
    `exec ${shellWords([
      runtime.program,
      ...(isCrun && host.cgroups === 'none' ? ['--cgroup-manager=disabled'] : []),
      ...['--root', directory.statePath, '--log', directory.logPath, '--log-format', 'json'],
      ...['run', '--bundle', directory.path, '--pid-file', directory.pidPath, container.id],
    ])}`,
  ].join(' &&\n');
}

function sayWhatIsMissing({ runtime, host, container, options: { note, runtime: wanted } }: Plan): void {
  if (runtime.kind === 'namespaces' && wanted === undefined) {
    const why =
      host.cgroups === 'none' && !host.userNamespace ? 'cgroups cannot be made here' : 'no runc, crun or youki here';
    note?.(`${why}: ${namespacesNote}`);
  }
  const noCgroups = host.cgroups === 'none' || runtime.kind === 'namespaces';
  if (noCgroups && Object.keys(container.limits).length > 0) {
    note?.('limits on memory, processors and processes need cgroups, which cannot be made here: they are left out');
  }
}

const isWithin = (path: string, directory: string): boolean =>
  path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);

const noSuchId = ({ uid, gid }: ContainerUser): Fault =>
  new Fault(
    'RUNTIME_FAILED',
    `the user ${uid}:${gid} cannot be had: an ordinary user without subordinate ids is all there is`,
    {
      hint: 'Give this account lines in /etc/subuid and /etc/subgid and install newuidmap, or run as root: -u 0.',
    },
  );

/** docker makes a directory for a mount whose source is not there. */
function makeSources(binds: readonly BindMount[]): void {
  for (const { source } of binds) {
    try {
      if (!existsSync(source)) mkdirSync(source, { recursive: true });
    } catch (cause) {
      throw new Fault('SYSTEM', `${source} is to be mounted, but is not there and cannot be made`, { cause });
    }
  }
}

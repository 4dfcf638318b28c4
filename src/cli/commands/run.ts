import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openStore } from '../../content/index.ts';
import { parsePlatform } from '../../formats/oci/index.ts';
import {
  type Limits,
  parseBind,
  parseCpus,
  parseEnvFile,
  parseMemory,
  parsePids,
  parseSecurity,
  parseTmpfs,
  parseUlimit,
} from '../../formats/runtime/index.ts';
import { openImage, parsePlace } from '../../image/index.ts';
import { type RunOptions, runDirectory, runImage } from '../../jobs/run/index.ts';
import { Fault } from '../../kit/index.ts';
import { needsUserNamespace, relaySignals, runInUserNamespace, type SignalRelay } from '../../sandbox/index.ts';
import { type Call, command } from '../command.ts';
import type { Flags } from '../flags.ts';
import { machinePlatform } from '../machine.ts';

const operands = ['IMAGE', '[ARG...]'] as const;

const flags = {
  interactive: { type: 'boolean', short: 'i', help: 'let the program read standard input' },
  tty: { type: 'boolean', short: 't', help: 'give the program a terminal' },
  rm: { type: 'boolean', help: 'remove the container when it has ended, as is always done' },
  env: { type: 'strings', short: 'e', value: 'NAME[=VALUE]', help: 'set an environment variable, or pass ours on' },
  'env-file': { type: 'strings', value: 'FILE', help: 'read environment variables from a file' },
  volume: { type: 'strings', short: 'v', value: 'HOST:DIR[:ro]', help: 'show a directory or file of the host at DIR' },
  tmpfs: { type: 'strings', value: 'DIR[:OPTIONS]', help: 'an empty directory in memory' },
  workdir: { type: 'string', short: 'w', value: 'DIR', help: 'the working directory' },
  user: { type: 'string', short: 'u', value: 'USER[:GROUP]', help: 'run as this user: names of the image, or numbers' },
  entrypoint: { type: 'string', value: 'PROGRAM', help: "instead of the image's Entrypoint and Cmd" },
  hostname: { type: 'string', short: 'h', value: 'NAME', help: 'the host name that the program sees' },
  network: {
    type: 'string',
    value: 'none|host',
    default: 'none',
    choices: ['none', 'host'],
    help: 'none: loopback only, until bridges are there; host: the network of this machine',
  },
  'read-only': { type: 'boolean', help: 'let nothing be written outside mounts' },
  memory: { type: 'string', short: 'm', value: 'SIZE', help: 'the most memory, such as 64m' },
  cpus: { type: 'string', value: 'NUMBER', help: 'the most processors, such as 0.5' },
  'pids-limit': { type: 'string', value: 'NUMBER', help: 'the most processes and threads' },
  ulimit: { type: 'strings', value: 'NAME=SOFT[:HARD]', help: 'a limit of each process, such as nofile=1024' },
  'cap-add': { type: 'strings', value: 'CAP', help: 'add a capability, or ALL' },
  'cap-drop': { type: 'strings', value: 'CAP', help: 'drop a capability, or ALL' },
  'security-opt': { type: 'strings', value: 'OPTION', help: 'no-new-privileges or seccomp=unconfined' },
  runtime: { type: 'string', value: 'NAME', help: 'runc, crun, youki, or namespaces to do without one' },
  platform: { type: 'string', value: 'OS/ARCH[/VARIANT]', help: 'which image of an index is meant' },
} as const satisfies Flags;

type RunCall = Call<typeof operands, typeof flags>;

export default command({
  name: 'run',
  summary: "Run an image's program in a container, in the foreground.",
  operands,
  flags,
  passThrough: true,
  ownSignals: true,
  // As with docker, the codes below belong to the program.
  exitCodeOf: ({ about }) => Number(about['exitCode'] ?? 125),
  examples: [
    ['osless run curl --version', 'run an image with arguments for its program'],
    ["osless run --network host web -g 'daemon off;'", 'serve on the network of this machine'],
    ['osless run -it --entrypoint /bin/sh oci:dir', 'a shell in an image that has one'],
  ],
  async run(call) {
    const relay = relaySignals();
    try {
      if (needsUserNamespace()) return await runAgainAsRoot(call, relay);
      return await start(call, { ...optionsOf(call), relay });
    } catch (error) {
      // Stopped before there was a program that could take the signal.
      if (relay.signal.aborted) return relay.exitCode;
      throw error;
    } finally {
      relay.close();
    }
  },
});

/** This very command line, by root of a user namespace of ours. */
const runAgainAsRoot = ({ env, flags: given }: RunCall, relay: SignalRelay): Promise<number> =>
  runInUserNamespace([process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    ...{ env, path: pathOf(env), terminal: given.tty, relay },
  });

async function start(call: RunCall, options: RunOptions): Promise<number> {
  const {
    operands: [text],
    flags: given,
    storeDir,
    cwd,
  } = call;
  const place = parsePlace(text);
  if (place.kind === 'rootfs') return runDirectory(resolve(cwd, place.path), options);
  const { signal } = options.relay;
  const platform = given.platform === undefined ? machinePlatform : parsePlatform(given.platform);
  const store = await openStore(storeDir);
  return runImage(await openImage(place, { store, platform, signal }), options);
}

function optionsOf(call: RunCall): Omit<RunOptions, 'relay'> {
  const { flags: given, env, cwd, storeDir, note } = call;
  return {
    ...{
      stateDir: `${storeDir}/osless`,
      path: pathOf(env),
      machine: machinePlatform,
    },
    ...{ args: call.operands[1], env: environmentOf(call), network: given.network === 'host' ? 'host' : 'none', note },
    ...optional('entrypoint', given.entrypoint),
    ...optional('user', given.user),
    ...optional('workingDir', given.workdir),
    ...optional('hostname', given.hostname),
    ...optional('runtime', given.runtime),
    binds: given.volume.map((text) => parseBind(text, cwd)),
    tmpfs: given.tmpfs.map(parseTmpfs),
    readOnlyRoot: given['read-only'],
    limits: limitsOf(given),
    rlimits: given.ulimit.map(parseUlimit),
    ...{ capAdd: given['cap-add'], capDrop: given['cap-drop'], security: parseSecurity(given['security-opt']) },
    ...{ stdin: given.interactive, terminal: given.tty },
  };
}

/** A variable without a value passes ours on, and is taken away when we have none. */
const environmentOf = ({ flags: given, env }: RunCall): string[] =>
  [...given['env-file'].flatMap((file) => parseEnvFile(textOf(file))), ...given.env].map((entry) =>
    entry.includes('=') || env[entry] === undefined ? entry : `${entry}=${env[entry]}`,
  );

function limitsOf(given: RunCall['flags']): Limits {
  return {
    ...optional('memoryBytes', given.memory === undefined ? undefined : parseMemory(given.memory)),
    ...optional('cpus', given.cpus === undefined ? undefined : parseCpus(given.cpus)),
    ...optional('pids', given['pids-limit'] === undefined ? undefined : parsePids(given['pids-limit'])),
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Fault('FILE_NOT_FOUND', `${file} cannot be read`, { hint: 'Give --env-file a readable file.', cause });
  }
}

const pathOf = (env: RunCall['env']): string => env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin';

const optional = <Name extends string, T>(name: Name, value: T | undefined): { readonly [N in Name]?: T } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: T };

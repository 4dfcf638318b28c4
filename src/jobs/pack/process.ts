import type { ProcessConfig } from '../../formats/oci/index.ts';
import { Fault, type ImagePath } from '../../kit/index.ts';

/** What docker gives a container whose image sets no PATH. */
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What the user wants otherwise than pack would choose. */
export interface ProcessPatch {
  /** `NAME=value`. */
  readonly env?: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
  /** `80`, `53/udp`, `8000-8002/tcp`. */
  readonly expose?: readonly string[];
  /** `NAME=value`. */
  readonly labels?: readonly string[];
  readonly volumes?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly stopSignal?: string;
}

/** How the packed program is run: what `before` (a base, or where the program comes from) says, then `patch`. */
export function processOf(
  before: ProcessConfig,
  program: { readonly path: ImagePath; readonly args: readonly string[] },
  patch: ProcessPatch,
): ProcessConfig {
  const { entrypoint: _entrypoint, cmd: _cmd, ...kept } = before;
  const cmd = patch.cmd ?? program.args;
  return {
    ...kept,
    entrypoint: patch.entrypoint ?? [program.path],
    ...(cmd.length === 0 ? {} : { cmd }),
    env: mergedEnv([`PATH=${defaultPath}`], before.env, patch.env ?? []),
    exposedPorts: sortedUnion(before.exposedPorts, (patch.expose ?? []).flatMap(portsOf)),
    volumes: sortedUnion(before.volumes, patch.volumes ?? []),
    labels: { ...before.labels, ...Object.fromEntries((patch.labels ?? []).map(pairOf)) },
    ...(patch.user === undefined ? {} : { user: patch.user }),
    ...(patch.workingDir === undefined ? {} : { workingDir: absolute(patch.workingDir) }),
    ...(patch.stopSignal === undefined ? {} : { stopSignal: patch.stopSignal }),
  };
}

/** `NAME=value` of several lists; a later one takes the place of an earlier one of that name. */
function mergedEnv(...lists: readonly (readonly string[])[]): string[] {
  const byName = new Map(lists.flat().map((entry) => [pairOf(entry)[0], entry]));
  return [...byName.values()];
}

export const environmentOf = ({ env }: ProcessConfig): Record<string, string> => Object.fromEntries(env.map(pairOf));

function pairOf(entry: string): [string, string] {
  const equals = entry.indexOf('=');
  return equals === -1 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}

const sortedUnion = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())].sort();

function portsOf(text: string): string[] {
  const [, first = '', last = first, protocol = 'tcp'] =
    /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === '' || to < from || to > 65_535) {
    throw new Fault('CONFIG_MALFORMED', `${JSON.stringify(text)} is no port to expose`, {
      hint: 'Write it as 80, 53/udp or 8000-8010/tcp.',
    });
  }
  return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}/${protocol}`);
}

function absolute(path: string): string {
  if (path.startsWith('/')) return path;
  throw new Fault('CONFIG_MALFORMED', `the working directory ${JSON.stringify(path)} is no absolute path`, {
    hint: 'Name it from the root of the image, such as /srv.',
  });
}

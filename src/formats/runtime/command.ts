import { Fault } from '../../kit/index.ts';
import type { ProcessConfig } from '../oci/index.ts';

/** What docker gives a container whose image sets no PATH. */
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export interface CommandChange {
  /** `--entrypoint`; '' takes the image's away. */
  readonly entrypoint?: string;
  /** What stands behind the image's name. */
  readonly args: readonly string[];
}

/**
 * The argv that docker would run: arguments replace Cmd, another Entrypoint also drops Cmd, `[""]` counts as none.
 * @throws {Fault} CONFIG_MALFORMED when nothing is left.
 */
export function commandOf(config: ProcessConfig, { entrypoint, args }: CommandChange): readonly string[] {
  const first = entrypoint === undefined ? (config.entrypoint ?? []) : [entrypoint];
  const rest = args.length > 0 || entrypoint !== undefined ? args : (config.cmd ?? []);
  const argv = [...(first.length === 1 && first[0] === '' ? [] : first), ...rest];
  if (argv.length > 0) return argv;
  throw new Fault('CONFIG_MALFORMED', 'no command specified', {
    hint: 'The image has neither Entrypoint nor Cmd; name a program after the image.',
  });
}

export interface EnvironmentSettings {
  readonly hostname: string;
  readonly terminal: boolean;
  /** `NAME=value` sets, `NAME` alone takes away; the last one counts. */
  readonly change: readonly string[];
}

/** The environment that docker would give, in its order; HOME is added by the runtime. */
export function environmentOf(config: ProcessConfig, settings: EnvironmentSettings): readonly string[] {
  const start = [`PATH=${defaultPath}`, `HOSTNAME=${settings.hostname}`, ...(settings.terminal ? ['TERM=xterm'] : [])];
  const values = new Map<string, string | undefined>();
  for (const entry of [...start, ...config.env, ...settings.change]) {
    const equals = entry.indexOf('=', 1);
    if (equals === -1) values.delete(entry);
    else values.set(entry.slice(0, equals), entry.slice(equals + 1));
  }
  return [...values].map(([name, value]) => `${name}=${value}`);
}

/** The value of a variable in a list of `NAME=value`. */
export const findVariable = (env: readonly string[], name: string): string | undefined =>
  env.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);

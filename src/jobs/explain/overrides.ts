import type { ProcessConfig } from '../../formats/oci/index.ts';
import type { Overrides } from './types.ts';

/** `config` as `docker run` changes it: `--entrypoint` takes the image's Cmd away, `--env` replaces by name. */
export function withOverrides(config: ProcessConfig, given: Overrides): ProcessConfig {
  const { entrypoint: ownEntrypoint, cmd: ownCmd, ...rest } = config;
  const entrypoint = given.entrypoint ?? ownEntrypoint;
  const cmd = given.cmd ?? (given.entrypoint === undefined ? ownCmd : undefined);
  return {
    ...rest,
    ...(entrypoint && { entrypoint }),
    ...(cmd && { cmd }),
    env: mergedEnv(config.env, given.env ?? []),
    ...(given.user !== undefined && { user: given.user }),
    ...(given.workingDir !== undefined && { workingDir: given.workingDir }),
  };
}

const nameOf = (entry: string): string => entry.split('=', 1)[0] ?? '';

/** As docker: what is given takes the place of what the image says, and a name alone takes it away. */
function mergedEnv(own: readonly string[], given: readonly string[]): string[] {
  const byName = new Map(given.map((entry) => [nameOf(entry), entry]));
  const kept = own.map((entry) => {
    const name = nameOf(entry);
    const instead = byName.get(name);
    byName.delete(name);
    return instead ?? entry;
  });
  return [...kept, ...byName.values()].filter((entry) => entry.includes('='));
}

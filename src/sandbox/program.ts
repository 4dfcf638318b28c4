import { type ContainerSettings, findVariable } from '../formats/runtime/index.ts';
import { type Credentials, hostTree, mayExecute, type Resolution, resolve } from '../rootfs/index.ts';
import type { StartFailure } from './outcome.ts';

type Command = Pick<ContainerSettings, 'args' | 'env' | 'cwd' | 'user'>;

/**
 * What runc would say when it looks the program up, before anything is started: undefined when it would find one.
 * Asked first, so that the answer is one sentence and the program's standard error stays clean.
 */
export async function findLookupFailure(rootDirectory: string, command: Command): Promise<StartFailure | undefined> {
  const { args, user } = command;
  const [name = ''] = args;
  const as: Credentials = { uid: user.uid, gids: [user.gid, ...user.additionalGids] };
  if (mounted.test(name)) return undefined;
  const lookup = new Lookup(rootDirectory, command.cwd, as);
  if (name.includes('/')) return (await lookup.at(name))?.(name);
  for (const directory of (findVariable(command.env, 'PATH') ?? '').split(':')) {
    if (directory.startsWith('/') && (await lookup.at(`${directory}/${name}`)) === undefined) return undefined;
  }
  return { exitCode: 127, message: `exec: ${JSON.stringify(name)}: executable file not found in $PATH`, said: false };
}

/** What the container mounts over the image. */
const mounted = /^\/(proc|sys|dev)\//;

const problems = {
  missing: [127, 'no such file or directory'],
  'not-a-directory': [127, 'not a directory'],
  denied: [126, 'permission denied'],
  loop: [125, 'too many levels of symbolic links'],
} as const satisfies Record<Extract<Resolution, { found: false }>['problem'], readonly [number, string]>;

class Lookup {
  readonly #tree;
  readonly #cwd: string;
  readonly #as: Credentials;

  constructor(rootDirectory: string, cwd: string, as: Credentials) {
    this.#tree = hostTree(rootDirectory);
    this.#cwd = cwd;
    this.#as = as;
  }

  /** Why `path` cannot be executed, as a function of the name that was asked for. */
  async at(path: string): Promise<((name: string) => StartFailure) | undefined> {
    const found = await resolve(this.#tree, path, { cwd: this.#cwd, as: this.#as });
    if (!found.found) {
      const [exitCode, words] = problems[found.problem];
      return (name) => ({ exitCode, message: `exec: ${JSON.stringify(name)}: stat ${name}: ${words}`, said: false });
    }
    if (found.node.kind !== 'directory' && mayExecute(found.node, this.#as)) return undefined;
    return (name) => ({ exitCode: 126, message: `exec: ${JSON.stringify(name)}: permission denied`, said: false });
  }
}

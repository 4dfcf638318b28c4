import type { Credentials, FileTree } from '../../rootfs/index.ts';
import type { Closure, CpuLevel } from '../loader/index.ts';
import type { Command } from './lookup.ts';
import type { ChainLink, ChainRole, Problem } from './verdict.ts';

/** A link of the chain before it is said what it is there for. */
export type Executed = Omit<ChainLink, 'role' | 'argv'>;

/** What a process is started with, and where; the lists grow while it is followed. */
export interface Setting {
  /** As the container sees it, below the engine's mounts. */
  readonly tree: FileTree;
  /** `NAME=value`, as the process gets them. */
  readonly env: readonly string[];
  readonly cwd: string;
  readonly as: Credentials;
  /** OCI's name of what the kernel executes. */
  readonly architecture: string;
  /** What the processor can. */
  readonly cpuLevel: CpuLevel;
  /** Says of each file that is executed what it is there for. */
  readonly chain: { push(link: Executed): void };
  readonly links: ChainLink[];
  readonly closures: Closure[];
  readonly late: Problem[];
  /** Sentences: what could not be decided. */
  readonly undecided: string[];
  /** How many programs one another have started to come here. */
  readonly depth: number;
  /** How many more programs are followed, of all that scripts start. */
  readonly budget: { programs: number };
  /** false where some arguments are only known at run time: what the program does with them is not asked then. */
  readonly followsArguments?: boolean;
  /** Follows execve of a file, and then what the program does; undefined when the user's program gets control. */
  readonly execute: (setting: Setting, command: Command, argv: readonly string[]) => Promise<Problem | undefined>;
}

/** The same setting for a file that is there for `role`, with its arguments. */
export const inRole = (setting: Setting, role: ChainRole, argv: readonly string[]): Setting => ({
  ...setting,
  chain: {
    push: ({ path, kind, machine, interpreter }) =>
      void setting.links.push({ path, kind, machine, interpreter, role, argv }),
  },
});

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The value of a variable, the last where it stands twice. */
export const variableOf = (env: readonly string[], name: string): string | undefined =>
  env.findLast((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);

/** `env` with NAME=value in place of what it has of that name; without it for undefined. */
export const withVariable = (env: readonly string[], name: string, value: string | undefined): readonly string[] => [
  ...env.filter((entry) => !entry.startsWith(`${name}=`)),
  ...(value === undefined ? [] : [`${name}=${value}`]),
];

/** PATH of the process, else what the one who looks takes instead. */
export const searchPathOf = (env: readonly string[], otherwise: string): string => variableOf(env, 'PATH') ?? otherwise;

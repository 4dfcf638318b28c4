import type { FileNode } from '../../../rootfs/index.ts';
import type { Closure } from '../../loader/index.ts';
import type { Command } from '../lookup.ts';
import type { Setting } from '../setting.ts';
import type { ChainLink, Problem } from '../verdict.ts';
import type { Flavour } from './state.ts';

/**
 * `surely`: whatever happens, this point of the script is reached. `likely`: if what stands before ends as it should.
 * `maybe`: it hangs on what nobody knows.
 */
export type Reached = 'surely' | 'likely' | 'maybe';

/** Where one script stands; shared by all that is evaluated for it. */
export interface Run {
  readonly setting: Setting;
  readonly flavour: Flavour;
  /** The shell's own file. */
  readonly command: Command;
  /** The file, where the script is the user's own program: what goes wrong in it goes wrong late. */
  readonly script: string | undefined;
  /** Its path. */
  readonly shell: string;
  reached: Reached;
  /** The last command that could not be started, with no other started since. */
  pending: { readonly problem: Problem; readonly isHandled: boolean } | undefined;
  /** What commands before may have made that is not in the image: `anything` is a command in PATH, too. */
  made: 'nothing' | 'directories' | 'files' | 'anything';
  /** Files that redirections have made, by the names they were given. */
  readonly written: Set<string>;
  /** What the last program that surely ran brings to the chain. */
  last:
    | {
        readonly links: readonly ChainLink[];
        readonly closures: readonly Closure[];
        readonly undecided: readonly string[];
      }
    | undefined;
  /** Commands that may still be looked at. */
  budget: number;
  /** Functions and sourced files that are being evaluated, the first called first; a sourced file is `source`. */
  readonly called: string[];
  /** The text of a file; undefined for one that is larger than that. */
  readonly read: (node: FileNode, limitBytes: number) => Promise<string | undefined>;
}

/** How a command ended; undefined where that is only known at run time. */
export type Status = boolean | undefined;

/** `exit`: the script ends here; `maybe`: it may; `return` and `break` end what is around them. */
export type Ended = 'no' | 'exit' | 'return' | 'break' | 'maybe';

export interface Outcome {
  readonly status: Status;
  readonly ended: Ended;
}

export const succeeds: Outcome = { status: true, ended: 'no' };
export const fails: Outcome = { status: false, ended: 'no' };
export const unknown: Outcome = { status: undefined, ended: 'no' };

/** Notes a command that cannot be started. `isHandled`: the script is made for that. */
export function noteProblem(run: Run, problem: Problem, isHandled: boolean): void {
  if (run.reached === 'maybe') return;
  if (run.script !== undefined || run.reached === 'likely') {
    if (!isHandled) run.setting.late.push(asLate(run, problem));
    return;
  }
  run.pending = { problem, isHandled };
}

/** Notes that a program was started: what could not be before was not the end. */
export function noteStart(run: Run): void {
  if (run.reached !== 'surely') return;
  const { pending } = run;
  run.pending = undefined;
  if (pending !== undefined && !pending.isHandled) run.setting.late.push(asLate(run, pending.problem));
}

const asLate = ({ script, shell }: Run, { missing, says, subject, cause }: Problem): Problem => ({
  cause: cause === 'late-file-missing' ? cause : 'late-command-missing',
  missing,
  subject: script ?? subject ?? shell,
  says: script === undefined ? says : `${script} is started, but then ${says}`,
});

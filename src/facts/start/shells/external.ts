import { baseName, imagePath } from '../../../kit/index.ts';
import type { Closure } from '../../loader/index.ts';
import { programNamed } from '../programs.ts';
import type { NotFound } from '../search.ts';
import type { Setting } from '../setting.ts';
import { type Cause, type ChainLink, type Problem, problem } from '../verdict.ts';
import type { Words } from './command.ts';
import { type FoundCommand, settingIn } from './find-command.ts';
import { fails, noteProblem, noteStart, type Outcome, type Run, type Status, unknown } from './run.ts';
import type { ShellState } from './state.ts';
import { isShellText, runAsShell } from './without-shebang.ts';

export interface Started {
  readonly words: Words;
  readonly found: FoundCommand;
  readonly isTested: boolean;
  /** `exec`: it takes the shell's place. */
  readonly replaces: boolean;
}

/** Programs that make nothing another command of a script could be. */
const makesNothing =
  /^(\[|basename|cat|cut|date|dirname|echo|env|expr|false|getent|grep|egrep|head|hostname|id|ls|nc|printenv|printf|ps|pwd|readlink|realpath|sed|seq|sleep|sort|stat|tail|test|tr|true|tty|uname|uniq|wc|which|whoami)$/;
const makesDirectories = /^(chgrp|chmod|chown|mkdir|mkfifo|mktemp|rm|rmdir|tee|touch)$/;
/** Who has run may have brought any command. */
const installs =
  /^(apk|apt|apt-get|aptitude|bundle|cargo|composer|cp|curl|dnf|dpkg|g?make|gem|git|go|gunzip|install|ln|microdnf|mv|npm|npx|opkg|pacman|pip[\d.]*|pnpm|poetry|rpm|tar|unzip|uv|wget|yarn|yum|zypper)$/;
/** They do what they say unless the script is wrong. */
const succeedsMostly =
  /^(basename|cat|chgrp|chmod|chown|cp|cut|date|dirname|echo|env|hostname|id|ln|ls|mkdir|mktemp|mv|printenv|printf|pwd|rm|sleep|sort|tee|touch|tr|true|uname|whoami)$/;

/** A command that is a file, or BusyBox's own: it is followed as far as its arguments are known. */
export async function runProgram(run: Run, state: ShellState, started: Started): Promise<Outcome> {
  const { words, found, isTested, replaces } = started;
  const [name = '', ...args] = words;
  if (found.kind === 'builtin' || found.kind === 'function') return unknown;
  if (found.kind === 'none') {
    // A variable that others are to set: nobody meant a command without a name.
    if (name === '') return fails;
    if (mayBeMade(run, name, found.notFound)) return unknown;
    noteProblem(run, notFoundProblem(run, name, found.notFound), isTested);
    return fails;
  }
  // Nothing is said of what may not happen.
  if (run.reached === 'maybe') return afterwards(run, name);
  const trial = trialOf(settingIn(run, state));
  const stopped = await startTrial(run, trial, { name, args, found });
  if (stopped?.missing.some((path) => isWritten(run, path))) return unknown;
  if (stopped !== undefined) {
    keep(run, trial, replaces);
    noteProblem(run, stopped, isTested);
    return fails;
  }
  keep(run, trial, replaces);
  noteStart(run);
  return afterwards(run, name);
}

/** What is followed for a command, apart from the chain that it may become a part of. */
interface Trial {
  readonly setting: Setting;
  readonly links: ChainLink[];
  readonly closures: Closure[];
  readonly undecided: string[];
}

function trialOf(setting: Setting): Trial {
  const trial = { links: [], closures: [], undecided: [] };
  return { ...trial, setting: { ...setting, ...trial } };
}

function keep(run: Run, { links, closures, undecided }: Trial, replaces: boolean): void {
  if (run.reached === 'surely' || (replaces && run.last === undefined)) run.last = { links, closures, undecided };
}

interface Found {
  readonly name: string;
  readonly args: Words;
  readonly found: Exclude<FoundCommand, { kind: 'none' | 'function' }>;
}

async function startTrial(run: Run, { setting }: Trial, { name, args, found }: Found): Promise<Problem | undefined> {
  const known = args.filter((arg) => arg !== undefined);
  const argv = [name, ...known];
  const isWhole = known.length === args.length;
  if (found.kind !== 'file') {
    const follow = isWhole ? programNamed(name)?.follow : undefined;
    return follow?.(setting, { command: run.command, argv, script: undefined, argument: undefined });
  }
  const { command } = found;
  if (await isShellText(command)) return runAsShell(setting, command, argv, run.shell);
  const inside = isWhole ? setting : { ...setting, followsArguments: false };
  return setting.execute(inside, command, argv);
}

const mayBeMade = (run: Run, name: string, { why }: NotFound): boolean =>
  why === 'missing' &&
  (run.made === 'anything' || (name.includes('/') && (run.made === 'files' || isWritten(run, name))));

/** Whether the script has written a file of this name, in whatever directory it was then. */
const isWritten = ({ written }: Run, path: string): boolean =>
  written.has(path) || written.has(baseName(imagePath(path)));

function notFoundProblem(run: Run, name: string, { why, at }: NotFound): Problem {
  const about = { subject: run.script ?? run.shell };
  if (why === 'missing' || why === 'loop') {
    const where = name.includes('/') ? 'is not in the image' : 'is in no directory of PATH';
    return problem('shell-command-missing', `the command ${name} ${where}`, { ...about, missing: [name] });
  }
  const cause: Cause = 'shell-command-denied';
  const reason =
    why === 'not-regular'
      ? 'is no file'
      : why === 'denied'
        ? 'may not be executed by the user'
        : 'is executable for nobody';
  return problem(cause, `the command ${name} cannot be started: ${at} ${reason}`, { ...about, missing: [at] });
}

const order: readonly Run['made'][] = ['nothing', 'directories', 'files', 'anything'];

function afterwards(run: Run, name: string): Outcome {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const makes = makesNothing.test(base)
    ? 'nothing'
    : makesDirectories.test(base)
      ? 'directories'
      : installs.test(base)
        ? 'anything'
        : 'files';
  if (order.indexOf(makes) > order.indexOf(run.made)) run.made = makes;
  const status: Status = succeedsMostly.test(base) ? true : base === 'false' ? false : undefined;
  return { status, ended: 'no' };
}

import { baseName, imagePath } from '../../../kit/index.ts';
import type { Process } from '../programs.ts';
import { execvp, findProgram, isNotFound, muslExecvp, type NotFound, type SearchHabits } from '../search.ts';
import type { Setting } from '../setting.ts';
import { isShellText, runAsShell } from '../shells/without-shebang.ts';
import { type Cause, type Problem, problem } from '../verdict.ts';

export interface Launch {
  /** The program that is wanted and its arguments. */
  readonly argv: readonly string[];
  /** What it is when there is no such program. */
  readonly missing: Cause;
  readonly habits?: SearchHabits;
  /** Whether a text that the kernel refuses is given to /bin/sh, as glibc's execvp does. Default: true. */
  readonly takesTexts?: boolean;
}

/** Follows what one program starts in its own place. */
export async function launch(setting: Setting, by: Process, wanted: Launch): Promise<Problem | undefined> {
  const { argv, missing, habits = habitsOf(setting, by), takesTexts = true } = wanted;
  const [name] = argv;
  if (name === undefined)
    return problem(missing, `${ownName(by)} is not told what to start`, { subject: by.command.path });
  const found = await findProgram(setting, name, habits);
  if (isNotFound(found)) return cannotStart(by, name, { found, missing });
  if (takesTexts && (await isShellText(found))) return runAsShell(setting, found, argv);
  return setting.execute(setting, found, argv);
}

const habitsOf = ({ closures }: Setting, { command }: Process): SearchHabits =>
  closures.findLast(({ program }) => program === command.path)?.flavour === 'musl' ? muslExecvp : execvp;

export const ownName = ({ argv: [name = ''] }: Process): string => baseName(imagePath(name));

function cannotStart(by: Process, name: string, { found, missing }: { found: NotFound; missing: Cause }): Problem {
  const start = `which ${ownName(by)} is to start`;
  const about = {
    missing: [found.why === 'missing' || found.why === 'loop' ? name : found.at],
    subject: by.command.path,
  };
  const causes: Readonly<Record<NotFound['why'], readonly [Cause, string]>> = {
    missing: [missing, name.includes('/') ? 'is not in the image' : 'is in no directory of PATH'],
    loop: [missing, 'leads through more than 40 links'],
    'not-executable': ['entrypoint-not-executable', `is executable for nobody (${found.at})`],
    'not-regular': ['entrypoint-not-regular', `is no file (${found.at})`],
    denied: ['entrypoint-permission', `cannot be executed by the user (${found.at})`],
  };
  const [cause, why] = causes[found.why];
  return problem(cause, `${name}, ${start}, ${why}`, about);
}

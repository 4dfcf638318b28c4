import type { Script } from '../../formats/program/index.ts';
import { baseName, imagePath } from '../../kit/index.ts';
import { mayExecute, resolve } from '../../rootfs/index.ts';
import { envCommand } from './env.ts';
import type { Command } from './lookup.ts';
import type { Setting } from './setting.ts';
import { isProblem, type Problem, problem } from './verdict.ts';

/** What is executed for a script, and what follows its name. */
export interface Next {
  readonly command: Command;
  readonly args: readonly string[];
  /** Whether a program started it, so that the kernel counts scripts from none again. */
  readonly startsAnew: boolean;
}

interface Line {
  readonly script: Script;
  /** What follows the script's own name. */
  readonly args: readonly string[];
}

const shells = /^(sh|dash|ash|bash|ksh|mksh|zsh|busybox)$/;

/** Takes the first line as the kernel does, and follows `env` to the program that it starts. */
export async function nextOfScript(setting: Setting, script: Command, line: Line): Promise<Next | Problem> {
  const { interpreter, argument, hasCarriageReturn } = line.script;
  if (interpreter === undefined) {
    return problem('shebang-invalid', `the first line of ${script.path} names no interpreter within 256 bytes`, {
      subject: script.path,
    });
  }
  const found = await findInterpreter(setting, script, interpreter);
  if (hasCarriageReturn && (isProblem(found) || argument !== undefined)) return carriageReturn(script, interpreter);
  if (isProblem(found)) return found;
  const args = [...(argument === undefined ? [] : [argument]), script.name, ...line.args];
  if (baseName(imagePath(interpreter)) === 'env') return envCommand(setting, { env: found, script, argument, args });
  return refusedArgument(script, interpreter, argument) ?? { command: found, args, startsAnew: false };
}

const carriageReturn = ({ path }: Command, interpreter: string): Problem =>
  problem('interpreter-crlf', `the first line of ${path} ends with a carriage return`, {
    missing: [interpreter],
    subject: path,
  });

async function findInterpreter(setting: Setting, script: Command, name: string): Promise<Command | Problem> {
  const about = { missing: [name], subject: script.path };
  const found = await resolve(setting.tree, name === '' ? '.' : name, { cwd: setting.cwd, as: setting.as });
  if (!found.found && found.problem === 'denied') {
    return problem('interpreter-not-executable', `the user ${setting.as.uid} may not search ${found.at}`, about);
  }
  if (!found.found)
    return problem('interpreter-missing', `${name}, which ${script.path} names, is not in the image`, about);
  if (found.node.kind === 'file' && mayExecute(found.node, setting.as))
    return { path: found.path, node: found.node, name };
  return problem('interpreter-not-executable', `${found.path}, which ${script.path} names, cannot be executed`, about);
}

/** The kernel hands over all words as one argument, which shells and Python refuse when it holds several options. */
function refusedArgument({ path }: Command, interpreter: string, argument: string | undefined): Problem | undefined {
  const name = baseName(imagePath(interpreter));
  const isStrict = shells.test(name) || /^python[\d.]*$/.test(name);
  if (!isStrict || argument === undefined || !/^-\S+\s+\S/.test(argument)) return undefined;
  const says = `${interpreter} gets “${argument}” from the first line of ${path} as one argument`;
  return problem('shebang-args', says, { subject: path });
}

import type { Script } from '../../formats/program/index.ts';
import { baseName, imagePath } from '../../kit/index.ts';
import { mayExecute, resolve } from '../../rootfs/index.ts';
import { isSplitOption } from './launchers/env.ts';
import type { Command } from './lookup.ts';
import type { Setting } from './setting.ts';
import { isProblem, type Problem, problem } from './verdict.ts';

/** What is executed for a script. */
export interface Next {
  readonly command: Command;
  readonly argv: readonly string[];
  /** What the kernel put between the interpreter's name and the script's: one word, whatever stands in it. */
  readonly argument: string | undefined;
}

interface Line {
  readonly script: Script;
  /** What follows the script's own name. */
  readonly args: readonly string[];
}

/** Takes the first line as the kernel does. */
export async function nextOfScript(setting: Setting, script: Command, line: Line): Promise<Next | Problem> {
  const { interpreter, argument, hasCarriageReturn } = line.script;
  if (interpreter === undefined) {
    return problem('shebang-invalid', `the first line of ${script.path} names no interpreter within 256 bytes`, {
      subject: script.path,
    });
  }
  const found = await findInterpreter(setting, script, interpreter);
  if (hasCarriageReturn && (isProblem(found) || !takesCarriageReturn(interpreter, argument))) {
    return carriageReturn(script, interpreter);
  }
  if (isProblem(found)) return found;
  const argv = [interpreter, ...(argument === undefined ? [] : [argument]), script.name, ...line.args];
  return { command: found, argv, argument };
}

/** Perl passes over one in its options, and env -S takes it for a blank. */
function takesCarriageReturn(interpreter: string, argument: string | undefined): boolean {
  const name = baseName(imagePath(interpreter));
  if (argument === undefined) return true;
  return /^perl/.test(name) || (name === 'env' && isSplitOption(argument));
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

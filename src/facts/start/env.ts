import { baseName } from '../../kit/index.ts';
import { mayExecute, resolve } from '../../rootfs/index.ts';
import { executeElf } from './elf.ts';
import type { Command } from './lookup.ts';
import type { Next } from './script.ts';
import { type Setting, searchPathOf } from './setting.ts';
import { type Problem, problem } from './verdict.ts';

interface EnvCall {
  readonly env: Command;
  readonly script: Command;
  /** What stands behind `env` in the first line: one argument, however many words. */
  readonly argument: string | undefined;
  readonly args: readonly string[];
}

/** What `env` starts. It must start itself; then it looks its program up in PATH as execvp(3) does. */
export async function envCommand(setting: Setting, call: EnvCall): Promise<Next | Problem> {
  const own = await executeElf(setting, call.env);
  if (own !== undefined) return own;
  const split = splitArgument(call);
  if ('cause' in split) return split;
  const found = await findProgram(setting, split.program);
  if (found === undefined) {
    const says = `${split.program}, which env is to start for ${call.script.path}, is in no directory of PATH`;
    return problem('env-program-missing', says, { missing: [split.program], subject: call.script.path });
  }
  return { command: found, args: [...split.words, ...call.args.slice(1)], startsAnew: true };
}

interface Split {
  readonly program: string;
  readonly words: readonly string[];
}

function splitArgument({ env, script, argument = '' }: EnvCall): Split | Problem {
  const about = { subject: script.path };
  const isSplit = /^(-\S*S|--split-string[= ])/.test(argument);
  if (isSplit && baseName(env.path) === 'busybox') {
    return problem('shebang-args', `BusyBox's env does not know the option -S of ${script.path}`, about);
  }
  if (!isSplit && argument.startsWith('-')) {
    return problem(
      'shebang-args',
      `env gets “${argument}” from the first line of ${script.path} as one argument`,
      about,
    );
  }
  const words = isSplit ? wordsOf(argument.replace(/^(-\S*?S\s*|--split-string[= ]\s*)/, '')) : [argument];
  const program = words.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word));
  return { program: words[program] ?? '', words: words.slice(program + 1) };
}

/** Words with quotes taken off, which is as much of env -S as first lines use. */
const wordsOf = (text: string): string[] =>
  (text.match(/"[^"]*"|'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));

async function findProgram(setting: Setting, name: string): Promise<Command | undefined> {
  const directories = name.includes('/') ? [''] : searchPathOf(setting.env).split(':');
  for (const directory of name === '' ? [] : directories) {
    const path = name.includes('/') ? name : `${directory === '' ? '.' : directory}/${name}`;
    const found = await resolve(setting.tree, path, { cwd: setting.cwd, as: setting.as });
    if (found.found && found.node.kind === 'file' && mayExecute(found.node, setting.as)) {
      return { path: found.path, node: found.node, name: path };
    }
  }
  return undefined;
}

import { resolve } from '../../../rootfs/index.ts';
import { isBusyBoxAt } from '../busybox.ts';
import type { Process } from '../programs.ts';
import { type Setting, withVariable } from '../setting.ts';
import { type Problem, problem } from '../verdict.ts';
import { launch } from './launch.ts';
import { type Options, takeOptions } from './options.ts';

export const isSplitOption = (word: string): boolean => /^(-[a-zA-Z0]*S|--split-string([= ]|$))/.test(word);

/** What `env` starts: with other variables, in another directory, by way of PATH as it is then. */
export async function followEnv(setting: Setting, started: Process): Promise<Problem | undefined> {
  const words = await splitWords(started);
  if (!Array.isArray(words)) return words;
  const { values, rest } = takeOptions(words, { short: 'uCS', long: ['unset', 'chdir', 'split-string'] });
  if (started.argument !== undefined && hasUnknownLetter(values)) return refused(started);
  const isEmptied = values.has('i') || values.has('ignore-environment') || rest[0] === '-';
  let env: readonly string[] = isEmptied ? [] : setting.env;
  const unset = values.get('u') ?? values.get('unset');
  if (unset !== undefined) env = withVariable(env, unset, undefined);
  const behind = rest[0] === '-' ? rest.slice(1) : rest;
  const program = behind.findIndex((word) => !word.includes('='));
  for (const word of program === -1 ? behind : behind.slice(0, program)) {
    env = withVariable(env, word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
  }
  // Without a program it prints the environment, and that is all that was asked for.
  if (program === -1) return undefined;
  const argv = behind.slice(program);
  const cwd = values.get('C') ?? values.get('chdir');
  const inside = cwd === undefined ? { ...setting, env } : await inDirectory({ ...setting, env }, cwd);
  if (inside === undefined) return noDirectory(started, cwd ?? '');
  const stopped = await launch(inside, started, { argv, missing: 'env-program-missing' });
  if (started.script === undefined && stopped?.cause === 'env-program-missing')
    return { ...stopped, cause: 'program-missing' };
  if (stopped?.cause !== 'env-program-missing') return notExecutable(started, stopped, argv);
  const subject = started.script?.path ?? started.command.path;
  return started.argument !== undefined && /\s/.test(started.argument) && !isSplitOption(started.argument)
    ? refused(started)
    : { ...stopped, subject };
}

/** What PATH has only without permission is not there for a shebang either: env passes it over and says so at the end. */
function notExecutable(
  started: Process,
  stopped: Problem | undefined,
  [name = '']: readonly string[],
): Problem | undefined {
  const isOwn =
    stopped?.subject === started.command.path && /^entrypoint-not-(executable|regular)$/.test(stopped.cause);
  if (!isOwn || name.includes('/') || started.script === undefined) return stopped;
  return {
    ...stopped,
    cause: 'env-program-missing',
    missing: [name],
    subject: started.script?.path ?? stopped.subject,
  };
}

/** -S cuts one word into several; the words behind it follow. */
async function splitWords(started: Process): Promise<string[] | Problem> {
  const words = started.argv.slice(1);
  const at = words.findIndex((word) => isSplitOption(word));
  const isOption = at !== -1 && words.slice(0, at).every((word) => word.startsWith('-'));
  if (!isOption) return words;
  if (await isBusyBoxAt(started.command)) {
    return problem('shebang-args', "BusyBox's env does not know the option -S", {
      subject: started.script?.path ?? started.command.path,
    });
  }
  const word = words[at] ?? '';
  const [, letters = '', attached = ''] = /^-([a-zA-Z0]*)S\s*([\s\S]*)$/.exec(word) ?? [
    '',
    '',
    word.replace(/^--split-string[= ]?/, ''),
  ];
  const isApart = attached === '';
  const text = isApart ? (words[at + 1] ?? '') : attached;
  const before = letters === '' ? [] : [`-${letters}`];
  return [...words.slice(0, at), ...before, ...wordsOf(text), ...words.slice(at + (isApart ? 2 : 1))];
}

/** Words with quotes taken off, which is as much of env -S as first lines use. */
const wordsOf = (text: string): string[] =>
  (text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));

const letters = new Set(['i', 'u', '0', 'C', 'S', 'v']);

const hasUnknownLetter = (values: Options['values']): boolean =>
  [...values.keys()].some((name) => name.length === 1 && !letters.has(name));

const refused = ({ argument = '', command, script }: Process): Problem =>
  problem('shebang-args', `env gets “${argument}” from the first line of ${script?.path} as one argument`, {
    subject: script?.path ?? command.path,
  });

async function inDirectory(setting: Setting, directory: string): Promise<Setting | undefined> {
  const found = await resolve(setting.tree, directory, { cwd: setting.cwd, as: setting.as });
  return found.found && found.node.kind === 'directory' ? { ...setting, cwd: found.path } : undefined;
}

const noDirectory = ({ command }: Process, directory: string): Problem =>
  problem('program-missing', `env is to start a program in ${directory}, which is no directory of the image`, {
    missing: [directory],
    subject: command.path,
  });

import { parseShell, type ShellNode } from '../../../../facts/shell/index.ts';
import { baseName } from '../../../../kit/index.ts';
import type { Rule, Scene } from '../../rule.ts';
import { find, findCommand, readText } from './ask.ts';

type Kind = 'dash' | 'bash' | 'busybox';
type Command = Extract<ShellNode, { kind: 'command' }>;

/** What a shell may run last, and whether it could give its own process to it, were it the last thing that -c says. */
interface Tail {
  readonly command: Command;
  readonly givesWay: Readonly<Record<Kind, boolean>>;
}

/** Its own commands end with the shell. */
const builtin =
  /^(exec|exit|true|false|:|echo|printf|test|\[|cd|export|set|unset|wait|trap|\.|source|return|read|kill)$/;
/** Seen with dash 0.5.12 (Debian), bash 5.2 and BusyBox 1.35. */
const simple = { dash: false, bash: true, busybox: true };
const never = { dash: false, bash: false, busybox: false };

export const shellSwallowsSignals: Rule = {
  code: 'shell-swallows-signals',
  severity: 'notes',
  title: 'A shell stays process 1 and passes no signals on to the program.',
  sees: ['docker stop: takes 10 seconds, and the exit code is 137', 'Ctrl-C: does nothing'],
  why: 'The shell form of ENTRYPOINT and CMD runs /bin/sh -c. Debian’s dash starts even a single command as a child and waits; bash and BusyBox do so for pipes, lists with || and the like, and every shell does in a script. Process 1 without a handler is not ended by SIGTERM, and the child never hears of it.',
  fix: 'Use the exec form, or begin the last command with exec.',
  dockerfile: 'CMD ["/app", "--flag"]',
  async judge(scene) {
    if (scene.verdict.starts !== 'yes') return [];
    const run = (await shellFormOf(scene)) ?? (await scriptOf(scene));
    const tree = run && parseShell(run.text);
    if (run === undefined || tree === undefined || /\btrap\b/.test(run.text)) return [];
    for (const { command, givesWay } of tailsOf(tree)) {
      const [first] = command.words;
      if (first === undefined || builtin.test(first.raw) || (run.kind !== 'script' && givesWay[run.kind])) continue;
      const line = command.words.map(({ raw }) => raw).join(' ');
      return [
        {
          ...(scene.config.exposedPorts.length > 0 && { severity: 'degrades' as const }),
          says: `${run.shell} stays process 1 and does not pass signals on to ${first.raw}, so that docker stop kills it after ten seconds`,
          advice: `Begin its command with exec: exec ${line.length < 200 ? line : first.raw}`,
          about: { shell: run.shell, command: first.raw },
        },
      ];
    }
    return [];
  },
};

interface Run {
  readonly shell: string;
  readonly text: string;
  readonly kind: Kind | 'script';
}

async function shellFormOf(scene: Scene): Promise<Run | undefined> {
  const [shell = '', option, text = ''] = scene.verdict.argv;
  if (option !== '-c' || !/(^|\/)(sh|bash|dash|ash)$/.test(shell)) return undefined;
  const found = shell.includes('/') ? await find(scene, shell) : await findCommand(scene, shell);
  const name = found === undefined ? '' : baseName(found.path);
  return isKind(name) ? { shell, text, kind: name } : undefined;
}

const isKind = (name: string): name is Kind => name === 'dash' || name === 'bash' || name === 'busybox';

/** The entrypoint itself, where it is a shell's script. */
async function scriptOf(scene: Scene): Promise<Run | undefined> {
  const [first] = scene.verdict.chain;
  if (first?.kind !== 'script' || !/\/(sh|bash|dash|ash)(\s|$)/.test(first.interpreter ?? '')) return undefined;
  const text = await readText(scene, first.path);
  return text === undefined ? undefined : { shell: first.path, text, kind: 'script' };
}

function tailsOf(node: ShellNode): readonly Tail[] {
  switch (node.kind) {
    case 'command':
      return [{ command: node, givesWay: node.redirections.length > 0 ? { ...simple, bash: false } : simple }];
    case 'list':
      return node.items.slice(-1).flatMap(tailsOf);
    case 'and':
      return tailsOf(node.right);
    case 'or':
      return [...keeping(node.left), ...tailsOf(node.right)];
    case 'pipeline':
      return node.parts.length === 1 && !node.isNegated ? node.parts.flatMap(tailsOf) : node.parts.flatMap(keeping);
    case 'subshell':
    case 'group':
      return withoutBash(tailsOf(node.body));
    case 'if':
      return withoutBash(
        [...node.clauses.map(({ body }) => body), ...(node.otherwise ? [node.otherwise] : [])].flatMap(tailsOf),
      );
    default:
      return [];
  }
}

/** What is run before the shell is done. */
const keeping = (node: ShellNode): readonly Tail[] => tailsOf(node).map((tail) => ({ ...tail, givesWay: never }));

const withoutBash = (tails: readonly Tail[]): readonly Tail[] =>
  tails.map((tail) => ({ ...tail, givesWay: { ...tail.givesWay, bash: false } }));

import { recognisedBytes, recogniseProgram } from '../../formats/program/index.ts';
import { readAt } from '../../kit/index.ts';
import { mayRead } from '../../rootfs/index.ts';
import { executeElf } from './elf.ts';
import { argumentProblem, capabilityProblem } from './execve.ts';
import type { Command } from './lookup.ts';
import { type Process, programOf } from './programs.ts';
import { nextOfScript } from './script.ts';
import { inRole, type Setting } from './setting.ts';
import { type ChainRole, isProblem, type Problem, problem } from './verdict.ts';

/** The kernel goes through this many scripts that interpret one another. */
const mostScripts = 5;
/** Longer than any chain of programs that people build. */
const deepest = 20;
const foreignNames: Readonly<Record<string, string>> = {
  pe: 'a Windows program',
  macho: 'a macOS program',
  wasm: 'a WebAssembly module',
  jar: 'a Java archive',
  zip: 'a zip archive',
  'java-class': 'a Java class',
  pyc: 'compiled Python',
};

/**
 * Follows execve from script to interpreter to the ELF program that is loaded in the end, and then what that program
 * does with its arguments: undefined when control comes to the user's own program.
 */
export async function execute(
  setting: Setting,
  command: Command,
  argv: readonly string[],
): Promise<Problem | undefined> {
  if (setting.budget.programs-- <= 0) return undefined;
  if (setting.depth > deepest) {
    setting.undecided.push(`${command.path} is started again and again`);
    return undefined;
  }
  const started = await interpret(setting, command, argv);
  if (isProblem(started)) return started;
  const program = await programOf(started);
  const refused = argumentProblem(setting, started.argv) ?? (await load(setting, started, program.role));
  if (refused !== undefined) return refused;
  if (program.follow === undefined || setting.followsArguments === false) return unreadable(setting, started);
  return program.follow({ ...setting, depth: setting.depth + 1 }, started);
}

/** From script to script until there is a file that is none. */
async function interpret(setting: Setting, command: Command, words: readonly string[]): Promise<Process | Problem> {
  const scripts = new Set<string>();
  let current = command;
  let argv = words;
  let argument: string | undefined;
  let script: Command | undefined;
  for (let depth = 0; ; depth++) {
    const program = recogniseProgram(await readAt(current.node.content, 0, recognisedBytes));
    if (program.kind === 'elf') return { command: current, argv, script, argument };
    const role = program.kind === 'script' ? 'script' : 'program';
    const interpreter = program.kind === 'script' ? program.interpreter : undefined;
    const kind = program.kind === 'script' ? 'script' : 'other';
    inRole(setting, role, argv).chain.push({ path: current.path, kind, machine: undefined, interpreter });
    if (program.kind !== 'script') return foreign(current, program);
    const isLoop = depth >= mostScripts || scripts.has(current.path);
    if (isLoop)
      return problem('interpreter-loop', 'scripts interpret one another without an end', { subject: current.path });
    scripts.add(current.path);
    const next = await nextOfScript(setting, current, { script: program, args: argv.slice(1) });
    if (isProblem(next)) return next;
    script = current;
    current = next.command;
    argv = next.argv;
    argument = next.argument;
  }
}

/** The kernel's checks, then the loader's, which come too late for a file that the kernel refuses. */
async function load(setting: Setting, { command, argv }: Process, role: ChainRole): Promise<Problem | undefined> {
  const stopped = await executeElf(inRole(setting, role, argv), command);
  const isLoadersOwn = stopped === undefined || /^(lib|version|symbol|cpu)-/.test(stopped.cause);
  return (isLoadersOwn ? capabilityProblem(command) : undefined) ?? stopped;
}

function foreign({ path }: Command, program: ReturnType<typeof recogniseProgram>): Problem {
  const about = { subject: path };
  if (program.kind === 'empty') return problem('empty-file', `${path} is empty`, about);
  if (program.kind === 'text') return problem('no-shebang', `${path} is text and does not begin with #!`, about);
  const name =
    program.kind === 'archive' ? 'an archive' : (foreignNames[program.kind] ?? 'of a format that Linux does not know');
  return problem('foreign-format', `${path} is ${name}`, about);
}

/** Of an interpreter that nothing is known of, no more than that it opens its script. */
function unreadable({ as }: Setting, { script }: Process): Problem | undefined {
  return script === undefined || mayRead(script.node, as) ? undefined : unreadableScript(as.uid, script.path);
}

/** What an interpreter meets that may not read the script it is told to run. */
export const unreadableScript = (uid: number, path: string): Problem =>
  problem('script-unreadable', `the user ${uid} may not read ${path}, and so its interpreter cannot`, {
    missing: [path],
    subject: path,
  });

import { recognisedBytes, recogniseProgram } from '../../formats/program/index.ts';
import { readAt } from '../../kit/index.ts';
import { mayRead } from '../../rootfs/index.ts';
import { executeElf } from './elf.ts';
import type { Command } from './lookup.ts';
import { nextOfScript } from './script.ts';
import type { Setting } from './setting.ts';
import { isProblem, type Problem, problem } from './verdict.ts';

/** The kernel goes through this many scripts that interpret one another. */
const mostScripts = 5;
const foreignNames: Readonly<Record<string, string>> = {
  pe: 'a Windows program',
  macho: 'a macOS program',
  wasm: 'a WebAssembly module',
  jar: 'a Java archive',
  zip: 'a zip archive',
  'java-class': 'a Java class',
  pyc: 'compiled Python',
};

/** Follows execve from file to file until an ELF program of the chain is loaded, or something ends it. */
export async function execute(
  setting: Setting,
  command: Command,
  args: readonly string[],
): Promise<Problem | undefined> {
  const scripts = new Set<string>();
  let current = command;
  let rest = args;
  let unreadable: Problem | undefined;
  for (let depth = 0; ; depth++) {
    const head = await readAt(current.node.content, 0, recognisedBytes);
    const program = recogniseProgram(head);
    if (program.kind === 'elf') return (await executeElf(setting, current)) ?? unreadable;
    if (program.kind !== 'script') return foreign(setting, current, program);
    setting.chain.push({ path: current.path, kind: 'script', machine: undefined, interpreter: program.interpreter });
    const isLoop = depth >= mostScripts || scripts.has(current.path);
    if (isLoop)
      return problem('interpreter-loop', 'scripts interpret one another without an end', { subject: current.path });
    scripts.add(current.path);
    if (!mayRead(current.node, setting.as)) unreadable ??= unreadableScript(setting, current);
    const next = await nextOfScript(setting, current, { script: program, args: rest });
    if (isProblem(next)) return next;
    if (next.startsAnew) depth = -1;
    current = next.command;
    rest = next.args;
  }
}

function foreign(setting: Setting, { path }: Command, program: ReturnType<typeof recogniseProgram>): Problem {
  setting.chain.push({ path, kind: 'other', machine: undefined, interpreter: undefined });
  const about = { subject: path };
  if (program.kind === 'empty') return problem('empty-file', `${path} is empty`, about);
  if (program.kind === 'text') return problem('no-shebang', `${path} is text and does not begin with #!`, about);
  const name =
    program.kind === 'archive' ? 'an archive' : (foreignNames[program.kind] ?? 'of a format that Linux does not know');
  return problem('foreign-format', `${path} is ${name}`, about);
}

const unreadableScript = ({ as }: Setting, { path }: Command): Problem =>
  problem('script-unreadable', `the user ${as.uid} may execute ${path}, but its interpreter may not read it`, {
    missing: [path],
    subject: path,
  });

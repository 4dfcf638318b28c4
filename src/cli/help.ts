import type { Command } from './command.ts';
import type { Flag, Flags } from './flags.ts';
import { commandTable, groups } from './table.ts';

/** What `osless --help` prints. */
export function overview(): string {
  const width = Math.max(...Object.keys(commandTable).map((name) => name.length));
  const sections = groups.map((group) => {
    const lines = Object.entries(commandTable)
      .filter(([, entry]) => entry.group === group)
      .map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
    return `${group}:\n${lines.join('\n')}\n`;
  });
  return `Usage: osless COMMAND [flags] …

Ship the program, not the operating system.

${sections.join('\n')}
Flags:
  -V, --version  print the version
  -h, --help     print this help

\`osless COMMAND --help\` tells more of each.
`;
}

/** `osless pack [flags] PROGRAM [ARG...]` */
export const usageLine = ({ name, operands }: Command): string => ['osless', name, '[flags]', ...operands].join(' ');

/** What `osless COMMAND --help` prints. */
export function helpText(command: Command): string {
  const own = flagLines(command.flags);
  const shared = flagLines(command.sharedFlags);
  const width = Math.max(...[...own, ...shared].map(([left]) => left.length));
  const section = (title: string, lines: readonly (readonly [string, string])[]) =>
    lines.length === 0
      ? ''
      : `\n${title}:\n${lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join('')}`;
  const examples = command.examples.map(([line, does]) => `  # ${does}\n  ${line}\n`).join('');
  return [
    `Usage: ${usageLine(command)}\n\n${command.summary}\n`,
    section('Flags', own),
    section('Flags of every command', shared),
    examples === '' ? '' : `\nExamples:\n${examples}`,
  ].join('');
}

const flagLines = (flags: Flags): [string, string][] =>
  Object.entries(flags).map(([name, flag]) => [flagUsage(name, flag), flagHelp(flag)]);

/** `-t, --tag NAME` */
export function flagUsage(name: string, flag: Flag): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  if (flag.type === 'boolean') return `${short}--${name}`;
  return flag.type === 'optional' ? `${short}--${name}[=${flag.value}]` : `${short}--${name} ${flag.value}`;
}

export function flagHelp(flag: Flag): string {
  if (flag.type === 'strings') return `${flag.help} (may be repeated)`;
  if (flag.type === 'string' && flag.default !== undefined) return `${flag.help} (default ${flag.default})`;
  return flag.help;
}

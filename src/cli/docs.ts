import { allRules } from '../jobs/explain/index.ts';
import { findingsPage } from '../report/index.ts';
import type { Command } from './command.ts';
import type { Flags } from './flags.ts';
import { flagHelp, flagUsage, usageLine } from './help.ts';
import { commandTable } from './table.ts';

/** What of docs/ is written from the program itself: path to content. */
export async function generatedPages(): Promise<Map<string, string>> {
  const commands = await Promise.all(Object.values(commandTable).map(async ({ load }) => (await load()).default));
  return new Map([
    ...commands.map((command): [string, string] => [`docs/cli/${command.name}.md`, page(command)]),
    ['docs/findings.md', findingsPage(await allRules())],
  ]);
}

const page = (command: Command): string =>
  `${[
    `# osless ${command.name}`,
    command.summary,
    `    ${usageLine(command)}`,
    ...section('## Flags', command.flags),
    ...section('## Flags of every command', command.sharedFlags),
    ...(command.examples.length === 0 ? [] : ['## Examples']),
    ...command.examples.map(([line, does]) => `To ${does}:\n\n    ${line}`),
  ].join('\n\n')}\n`;

function section(title: string, flags: Flags): string[] {
  const rows = Object.entries(flags).map(
    ([name, flag]) => `| \`${cell(flagUsage(name, flag).trim())}\` | ${cell(flagHelp(flag))} |`,
  );
  return rows.length === 0 ? [] : [title, ['| flag | meaning |', '|---|---|', ...rows].join('\n')];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

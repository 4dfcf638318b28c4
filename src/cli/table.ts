import type { Command } from './command.ts';

export const groups = ['Make', 'Run', 'Keep and move', 'More'] as const;

interface TableEntry {
  readonly group: (typeof groups)[number];
  /** The same as the command's own; a test compares them. */
  readonly summary: string;
  load(): Promise<{ readonly default: Command }>;
}

/** All commands. A command's module is loaded when it is called, and none for `--version` and `--help`. */
export const commandTable: Readonly<Record<string, TableEntry>> = {
  completion: {
    group: 'More',
    summary: 'Print a completion script for a shell.',
    load: () => import('./commands/completion.ts'),
  },
};

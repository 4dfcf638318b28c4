import type { Command } from './command.ts';

export const groups = ['Make', 'Look', 'Run', 'Keep and move', 'More'] as const;

interface TableEntry {
  readonly group: (typeof groups)[number];
  /** The same as the command's own; a test compares them. */
  readonly summary: string;
  load(): Promise<{ readonly default: Command }>;
}

/** All commands. A command's module is loaded when it is called, and none for `--version` and `--help`. */
export const commandTable: Readonly<Record<string, TableEntry>> = {
  pack: {
    group: 'Make',
    summary: 'Put one program and exactly the files that it needs into an image.',
    load: () => import('./commands/pack.ts'),
  },
  explain: {
    group: 'Look',
    summary: 'Tell whether an image holds an operating system, whether its program starts, and if not, why.',
    load: () => import('./commands/explain.ts'),
  },
  ldd: {
    group: 'Look',
    summary: 'Print the libraries that a program is loaded with, in the form of ldd, for any machine.',
    load: () => import('./commands/ldd.ts'),
  },
  run: {
    group: 'Run',
    summary: "Run an image's program in a container, in the foreground.",
    load: () => import('./commands/run.ts'),
  },
  images: {
    group: 'Keep and move',
    summary: 'List the images of the local store.',
    load: () => import('./commands/images.ts'),
  },
  tag: {
    group: 'Keep and move',
    summary: 'Give an image of the local store another name.',
    load: () => import('./commands/tag.ts'),
  },
  rmi: {
    group: 'Keep and move',
    summary: 'Remove images from the local store.',
    load: () => import('./commands/rmi.ts'),
  },
  save: {
    group: 'Keep and move',
    summary: 'Write images of the local store to an archive that docker load reads.',
    load: () => import('./commands/save.ts'),
  },
  load: {
    group: 'Keep and move',
    summary: 'Read images from a docker or OCI archive into the local store.',
    load: () => import('./commands/load.ts'),
  },
  copy: {
    group: 'Keep and move',
    summary: 'Copy an image from one place to another.',
    load: () => import('./commands/copy.ts'),
  },
  completion: {
    group: 'More',
    summary: 'Print a completion script for a shell.',
    load: () => import('./commands/completion.ts'),
  },
};

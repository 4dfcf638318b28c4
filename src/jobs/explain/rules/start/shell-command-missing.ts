import { installLine } from './advice.ts';
import { causeRule } from './cause.ts';

export const shellCommandMissing = causeRule({
  code: 'shell-command-missing',
  title: 'The shell runs, but a command that it is told to run is not in the image.',
  sees: ['/bin/sh: 1: app: not found', '/bin/sh: app: not found', 'bash: line 1: app: command not found'],
  why: 'The command is in shell form; the shell is there, and the command that its text runs first is neither a builtin nor in PATH nor at its path.',
  fix: 'Install the command, or correct its name or path.',
  dockerfile: 'ENTRYPOINT ["/usr/local/bin/app"]',
  advise: ({ missing: [name = 'the command'] }, { os }) =>
    `Copy it into the image, correct its path, or: ${installLine(os.packageManager, name)}`,
});

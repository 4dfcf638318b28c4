import { causeRule } from './cause.ts';

export const shellCommandDenied = causeRule({
  code: 'shell-command-denied',
  title: 'The shell runs, but may not execute the command that it is told to run.',
  sees: ['/bin/sh: 1: /app: Permission denied', 'bash: line 1: /app: Is a directory'],
  why: "The command of the shell form exists, but is not executable for the image's user, or is a directory.",
  fix: 'Set its execute bits.',
  dockerfile: 'COPY --chmod=755 app /app',
  advise: ({ missing: [path = '/app'] }) => `Set the bit: RUN chmod a+rx ${path}`,
});

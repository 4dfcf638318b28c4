import { causeRule } from './cause.ts';

export const interpreterNotExecutable = causeRule({
  code: 'interpreter-not-executable',
  title: "The interpreter of a script cannot be executed by the image's user.",
  sees: ['container: exec /app.sh: permission denied'],
  why: 'The file behind `#!` exists, but has no execute bit for the user, or is a directory or another thing that is no regular file.',
  fix: "Set the interpreter's execute bits, or correct the first line.",
  dockerfile: 'RUN chmod 755 /usr/local/bin/interpreter',
  advise: ({ missing: [name = 'the interpreter'] }) =>
    `Set its mode: RUN chmod 755 ${name}, or name another interpreter in the first line.`,
});

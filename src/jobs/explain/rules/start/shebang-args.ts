import { causeRule } from './cause.ts';

export const shebangArgs = causeRule({
  code: 'shebang-args',
  title: "The rest of a script's first line is one argument, and the interpreter rejects it.",
  sees: [
    'dash: /bin/sh: 0: Illegal option - ',
    'busybox: /bin/sh: illegal option - ',
    "busybox env: can't execute 'python3 -u': No such file or directory",
    "env: 'python3 -u': No such file or directory",
    'env: use -[v]S to pass options in shebang lines',
    'busybox env: unrecognized option: S',
  ],
  why: 'The kernel hands everything behind the interpreter\'s name over as one argument, so `#!/bin/sh -e -u` gives one option "-e -u". `env -S` splits it, but BusyBox\'s env does not know -S.',
  fix: 'Give one option only and set the others in the script.',
  dockerfile: "RUN sed -i '1s|.*|#!/bin/sh|; 1a set -eu' /app.sh",
  advise: ({ subject = '/app.sh' }) =>
    `Give one option only in the first line of ${subject}, and set the others in the script, such as: set -eu`,
});

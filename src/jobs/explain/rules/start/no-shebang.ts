import { causeRule } from './cause.ts';

export const noShebang = causeRule({
  code: 'no-shebang',
  title: 'A text file without a first line that names its interpreter is to be executed.',
  sees: ['container: exec /app: exec format error'],
  why: 'The kernel executes a text file only when its first two bytes are `#!`. A byte order mark, an empty first line or UTF-16 before them hide it. A shell would have run the file all the same; runc does not.',
  fix: 'Make `#!/bin/sh` the very first line, without a byte order mark.',
  dockerfile: "RUN sed -i '1i #!/bin/sh' /app",
  advise: ({ subject = '/app' }) => `Make #!/bin/sh its very first bytes: RUN sed -i '1i #!/bin/sh' ${subject}`,
});

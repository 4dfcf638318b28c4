import { baseName } from './advice.ts';
import { causeRule } from './cause.ts';

export const interpreterMissing = causeRule({
  code: 'interpreter-missing',
  title: 'The interpreter that a script names in its first line is not in the image.',
  sees: [
    'container: exec /app.sh: no such file or directory',
    'sh: 1: /app.sh: not found',
    'bash: /app.sh: /bin/zsh: bad interpreter: No such file or directory',
  ],
  why: 'The kernel starts the interpreter that stands behind `#!` by its exact path; a relative one is taken from the working directory. PATH does not count. Scripts with #!/bin/bash on Alpine or in images without a shell are the usual case.',
  fix: 'Install the interpreter, or name one that is there.',
  dockerfile: "RUN apk add --no-cache bash\n# or: RUN sed -i '1s|.*|#!/bin/sh|' /app.sh",
  advise: ({ missing: [name = '/bin/sh'], subject = '/app.sh' }, { os }) =>
    os.shell === undefined || !/sh$/.test(name)
      ? `Install ${baseName(name)}, or use a base that has ${name}.`
      : `Install ${baseName(name)}, or, if the script allows it, name the shell that is there: RUN sed -i '1s|.*|#!${os.shell}|' ${subject}`,
});

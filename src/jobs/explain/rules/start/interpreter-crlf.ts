import { causeRule } from './cause.ts';

export const interpreterCrlf = causeRule({
  code: 'interpreter-crlf',
  title: 'The first line of a script ends with a carriage return.',
  sees: [
    'container: exec /app.sh: no such file or directory',
    "busybox env: can't execute 'python3\\r': No such file or directory",
    '/bin/sh: 0: Illegal option -\\r',
  ],
  why: 'The file has Windows line ends (CR LF), so that the name of the interpreter, or its argument, ends with an invisible carriage return. Git on Windows and some editors write such files.',
  fix: 'Take the carriage returns away, and tell Git to keep LF for the file.',
  dockerfile: "RUN sed -i 's/\\r$//' /app.sh",
  advise: ({ subject = '/app.sh' }) =>
    `Take the carriage returns away: RUN sed -i 's/\\r$//' ${subject}  (and put "* text=auto eol=lf" into .gitattributes)`,
});

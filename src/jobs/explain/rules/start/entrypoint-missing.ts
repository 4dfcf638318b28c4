import { causeRule } from './cause.ts';

export const entrypointMissing = causeRule({
  code: 'entrypoint-missing',
  title: 'The program of the entrypoint is not in the image.',
  sees: [
    'docker: exec: "/app": stat /app: no such file or directory: unknown',
    'docker: exec: "/app/x": stat /app/x: not a directory: unknown: Are you trying to mount a directory onto a file (or vice-versa)?',
    'docker: exec: "/app --flag": stat /app --flag: no such file or directory: unknown',
    'podman: crun: executable file `/app` not found: No such file or directory',
  ],
  why: 'The first word of ENTRYPOINT and CMD has a slash, so runc takes it as a path, relative to WORKDIR when it does not begin with one, and there is no such file. Often a COPY went to another place, a volume hides it, or a whole command line stands in one word.',
  fix: 'Copy the program to that path, or write the path where it is.',
  dockerfile: 'COPY app /app\nENTRYPOINT ["/app"]',
  advise: ({ missing: [name = ''], argv: [word = name] }) =>
    word.includes(' ')
      ? `Split the words: ENTRYPOINT ${JSON.stringify(word.trim().split(/\s+/))}`
      : `Copy the program there: COPY ${word.slice(word.lastIndexOf('/') + 1)} ${word.startsWith('/') ? word : `./${word.replace(/^\.\//, '')}`}`,
});

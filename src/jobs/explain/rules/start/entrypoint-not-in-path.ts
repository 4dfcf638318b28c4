import { causeRule } from './cause.ts';

export const entrypointNotInPath = causeRule({
  code: 'entrypoint-not-in-path',
  title: 'The command is in no directory of PATH.',
  sees: [
    'docker: exec: "app": executable file not found in $PATH: unknown',
    'podman: crun: executable file `app` not found in $PATH: No such file or directory',
    'docker: exec: "app": cannot run executable found relative to current directory: unknown',
  ],
  why: "The first word of ENTRYPOINT and CMD has no slash, so runc looks for an executable file of that name in each directory of the image's PATH, or docker's default when it has none. Files without execute bit, directories and dangling links are passed over; what a relative element of PATH leads to is refused.",
  fix: 'Write the absolute path of the program, or add its directory to PATH.',
  dockerfile: 'ENV PATH=/opt/app/bin:$PATH',
  advise: ({ argv: [name = 'app'] }) =>
    `Write its absolute path in ENTRYPOINT, install the package that has ${name}, or add its directory: ENV PATH=/opt/app/bin:$PATH`,
});

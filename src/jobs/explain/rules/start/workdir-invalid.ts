import { causeRule } from './cause.ts';

export const workdirInvalid = causeRule({
  code: 'workdir-invalid',
  title: 'The working directory is not an absolute path.',
  sees: [
    "docker: Error response from daemon: the working directory 'srv' is invalid, it needs to be an absolute path",
    'runc: Cwd property must be an absolute path',
  ],
  why: 'WorkingDir in the image config does not begin with a slash. A Dockerfile cannot produce that, other builders and hand-made configs can.',
  fix: 'Write the directory with its leading slash.',
  dockerfile: 'WORKDIR /srv',
});

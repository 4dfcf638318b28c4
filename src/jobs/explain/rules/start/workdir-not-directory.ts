import { causeRule } from './cause.ts';

export const workdirNotDirectory = causeRule({
  code: 'workdir-not-directory',
  title: 'The working directory is a file, or leads through one.',
  sees: [
    'docker: Error response from daemon: Cannot mkdir: /srv is not a directory',
    'runc: error during container init: mkdir /srv/app: not a directory',
  ],
  why: 'An engine makes the working directory where it is missing, but something that is no directory stands in its place or on the way to it.',
  fix: 'Choose another WORKDIR, or remove what stands in its place.',
  dockerfile: 'WORKDIR /srv/app',
});

import { causeRule } from './cause.ts';

export const entrypointSymlinkLoop = causeRule({
  code: 'entrypoint-symlink-loop',
  title: 'The path of the entrypoint goes round in symbolic links.',
  sees: ['docker: exec: "/app": stat /app: too many levels of symbolic links: unknown'],
  why: 'The kernel follows at most 40 symbolic links for one path. These links lead back to themselves, or there are too many of them.',
  fix: 'Replace the links by one that leads to the file.',
  dockerfile: 'RUN ln -sfn /opt/app/bin/app /usr/local/bin/app',
});

import { causeRule } from './cause.ts';

export const entrypointNotRegular = causeRule({
  code: 'entrypoint-not-regular',
  title: 'The entrypoint is a directory or another thing that is no regular file.',
  sees: [
    'docker: exec: "/app": permission denied: unknown',
    'docker: exec: "/app": is a directory: unknown',
    'container: exec /app: permission denied',
  ],
  why: 'The path leads to a directory, a FIFO, a socket or a device. Only regular files can be executed. With a directory, the program is mostly one level deeper.',
  fix: 'Write the path of the program inside the directory.',
  dockerfile: 'ENTRYPOINT ["/app/app"]',
});

import { causeRule } from './cause.ts';

export const entrypointPermission = causeRule({
  code: 'entrypoint-permission',
  title: "The image's user may not execute the program.",
  sees: [
    'docker: exec /app: permission denied: unknown',
    'docker: exec: "/d/app": stat /d/app: permission denied: unknown',
    'container: exec /app: permission denied',
    'container: exec /app: operation not permitted',
  ],
  why: 'Execute bits exist, but not for this user: the kernel takes the bits of the owner, else of the group, else of others, and wants search permission on each directory of the path. A number without a passwd entry gets group 0.',
  fix: 'Let others read and execute it, or give it to the user.',
  dockerfile: 'COPY --chmod=755 --chown=65532:65532 app /app',
  advise: ({ missing: [path = '/app'] }) =>
    `Let everybody use it: RUN chmod a+rx ${path}, or give it to the user: COPY --chown=…`,
});

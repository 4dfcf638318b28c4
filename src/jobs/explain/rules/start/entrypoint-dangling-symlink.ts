import { causeRule } from './cause.ts';

export const entrypointDanglingSymlink = causeRule({
  code: 'entrypoint-dangling-symlink',
  title: 'The program of the entrypoint is a symbolic link whose target is missing.',
  sees: ['docker: exec: "/app": stat /app: no such file or directory: unknown'],
  why: 'The path exists and is a symbolic link, but what it points to is not in the image. A link made on the build machine often points to a path that only exists there, and COPY of a link alone does not bring its target.',
  fix: 'Copy the file that the link points to, or copy the file itself instead of the link.',
  dockerfile: 'COPY --from=build /usr/lib/app/app-1.2 /app',
  advise: ({ missing: [target = 'its target'], subject = 'it' }) =>
    `Bring ${target} into the image, or copy the file itself to ${subject} instead of the link.`,
});

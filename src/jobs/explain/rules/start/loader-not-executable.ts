import { causeRule } from './cause.ts';

export const loaderNotExecutable = causeRule({
  code: 'loader-not-executable',
  title: "The image's user may not execute the dynamic loader.",
  sees: ['container: exec /app: permission denied'],
  why: 'The kernel opens the loader as it opens programs: it needs an execute bit for the user, and search permission on the way to it.',
  fix: "Set the loader's mode to 0755, and that of the directories on the way.",
  dockerfile: 'RUN chmod 755 /lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
  advise: ({ missing: [loader = '/lib64/ld-linux-x86-64.so.2'] }) => `Set its mode: RUN chmod 755 ${loader}`,
});

import { causeRule } from './cause.ts';

export const noCommand = causeRule({
  code: 'no-command',
  title: 'The image names neither an entrypoint nor a command.',
  sees: [
    'docker: Error response from daemon: No command specified',
    'podman: Error: no command or entrypoint provided, and no CMD or ENTRYPOINT from image',
    'runc: args must not be empty',
  ],
  why: 'ENTRYPOINT and CMD are both empty in the image config, so the engine does not know what to start. An entrypoint of one empty word counts as none, and setting ENTRYPOINT in a later image takes away the CMD of its base.',
  fix: 'Name the program in ENTRYPOINT or CMD, or give a command after the image name.',
  dockerfile: 'ENTRYPOINT ["/app"]',
});

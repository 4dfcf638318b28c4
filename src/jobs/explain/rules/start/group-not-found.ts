import { causeRule } from './cause.ts';

export const groupNotFound = causeRule({
  code: 'group-not-found',
  title: "The group of the image's user has no entry in its /etc/group.",
  sees: ['docker: Error response from daemon: unable to find group staff: no matching entries in group file'],
  why: "The part of USER behind the colon is a name, and engines look it up in the image's own /etc/group.",
  fix: 'Use the number of the group, or add the group to /etc/group.',
  dockerfile: 'USER 65532:65532',
  advise: ({ missing: [name = 'app'] }) =>
    `Write its number, such as \`USER 65532:65532\`, or add the line ${name}:x:65532: to /etc/group.`,
});

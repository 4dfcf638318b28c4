import { causeRule } from './cause.ts';

export const userNotFound = causeRule({
  code: 'user-not-found',
  title: 'The user of the image has no entry in its /etc/passwd.',
  sees: [
    'docker: Error response from daemon: unable to find user app: no matching entries in passwd file',
    'podman: Error: unable to find user app: no matching entries in passwd file',
  ],
  why: "USER is a name, and engines look names up in the image's own /etc/passwd. Images on scratch have no such file, so even `USER root` fails there; numbers need no entry.",
  fix: 'Use a number, or add the user to /etc/passwd.',
  dockerfile: 'USER 65532:65532',
  advise: ({ missing: [name = 'app'] }) =>
    name === 'root'
      ? 'Write `USER 0`, or leave USER out: root needs no entry then.'
      : `Write a number, such as \`USER 65532:65532\`, or add the line ${name}:x:65532:65532::/:/sbin/nologin to /etc/passwd.`,
});

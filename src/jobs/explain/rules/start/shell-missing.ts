import { execForm } from './advice.ts';
import { causeRule } from './cause.ts';

export const shellMissing = causeRule({
  code: 'shell-missing',
  title: 'The command is in shell form, and the image has no shell.',
  sees: [
    'docker: exec: "/bin/sh": stat /bin/sh: no such file or directory: unknown',
    'podman: crun: executable file `/bin/sh` not found: No such file or directory',
  ],
  why: 'ENTRYPOINT or CMD without brackets is run by /bin/sh -c, and images without an operating system have no shell.',
  fix: 'Use the exec form, a JSON array: it needs no shell.',
  dockerfile: 'ENTRYPOINT ["/app", "--flag"]',
  advise: ({ argv }) => `Use the exec form: ENTRYPOINT ${execForm(argv.slice(2).join(' '))}`,
});

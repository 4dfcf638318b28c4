import { causeRule } from './cause.ts';

export const scriptUnreadable = causeRule({
  code: 'script-unreadable',
  title: "The image's user may execute the script, but its interpreter may not read it.",
  sees: [
    '/bin/sh: 0: cannot open /app.sh: Permission denied',
    "python3: can't open file '/app.py': [Errno 13] Permission denied",
  ],
  why: 'For a program the execute bit is enough, a script must also be read by its interpreter, which runs as the same user.',
  fix: 'Let the user read the script.',
  dockerfile: 'COPY --chmod=755 app.sh /app.sh',
  advise: ({ missing: [path = '/app.sh'] }) => `Let everybody read it: RUN chmod a+rx ${path}`,
});

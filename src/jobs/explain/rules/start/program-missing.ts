import { causeRule } from './cause.ts';

export const programMissing = causeRule({
  code: 'program-missing',
  title: 'The interpreter or launcher starts, but what it is told to run is not in the image.',
  sees: [
    "python3: can't open file '/app.py': [Errno 2] No such file or directory",
    '/usr/bin/python3: No module named app',
    "Error: Cannot find module '/app/server.js'",
    'Error: Unable to access jarfile /app.jar',
    'Error: Could not find or load main class Main',
    'Can\'t open perl script "/app.pl": No such file or directory',
    '[FATAL tini (7)] exec app failed: No such file or directory',
  ],
  why: 'Python, node, java, perl, ruby, ld.so, tini and their like are there, and the script, module, archive, class or program in their arguments is not; a relative one is taken from the working directory.',
  fix: 'Copy it to that place, or correct the argument or WORKDIR.',
  dockerfile: 'WORKDIR /app\nCOPY . .\nCMD ["python3", "main.py"]',
  advise: ({ missing: [name = 'it'] }) => `Copy ${name} into the image, or correct the argument or WORKDIR.`,
});

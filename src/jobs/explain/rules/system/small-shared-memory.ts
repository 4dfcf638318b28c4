import { baseName } from '../../../../kit/index.ts';
import type { Rule } from '../../rule.ts';

const users =
  /^(postgres|chrome|google-chrome(-stable)?|chromium(-browser)?|chrome-headless-shell|headless_shell|firefox(-esr)?)$/;

export const smallSharedMemory: Rule = {
  code: 'small-shared-memory',
  severity: 'notes',
  title: 'The program is known to need more than docker’s 64 MiB of shared memory.',
  sees: [
    'postgres: ERROR: could not resize shared memory segment "/PostgreSQL.123" to 134483968 bytes: No space left on device',
    'chrome: session deleted because of page crash; Bus error',
  ],
  why: 'docker mounts /dev/shm with 64 MiB. Parallel queries of PostgreSQL and the processes of browsers use more.',
  fix: 'Run it with --shm-size, or Chrome with --disable-dev-shm-usage.',
  dockerfile: '# docker run --shm-size=1g IMAGE',
  judge({ verdict, program }) {
    const path = program?.path ?? verdict.path;
    const name = path === undefined ? '' : baseName(path);
    if (path === undefined || !users.test(name)) return [];
    return [{ says: `${path} uses shared memory, of which docker gives 64 MiB`, about: { program: path } }];
  },
};

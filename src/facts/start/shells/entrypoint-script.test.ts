import { describe } from 'node:test';
import { script, starts, stops } from '../../../../tests/make/start.ts';

const entry = (text: string) => ({ files: { '/entry.sh': script(`#!/bin/sh\n${text}`) } });

const official = `set -e
if [ "\${1#-}" != "$1" ]; then
  set -- tool "$@"
fi
if [ "$1" = tool ] && [ "$(id -u)" = 0 ]; then
  exec gosu web "$0" "$@"
fi
exec "$@"
`;

describe('startOf, with an entrypoint script,', () => {
  starts(['/entry.sh', '/app'], { ...entry('exec "$@"'), last: '/app' });
  starts(['/entry.sh', 'tool'], { ...entry(official), last: '/usr/local/bin/tool' });
  starts(['/entry.sh', '--flag'], { ...entry(official), last: '/usr/local/bin/tool' });
  starts(['/entry.sh', 'nope'], { ...entry(official), late: ['late-command-missing'] });
  starts(['/entry.sh', 'nope'], { ...entry('exec tini -- "$@"'), late: ['late-command-missing'] });
  starts(['/entry.sh', 'nope'], {
    ...entry('if [ -n "$(unknown)" ]; then echo wrong; exit 1; fi\nexec "$@"'),
    late: ['late-command-missing'],
  });
  starts(['/entry.sh'], entry('exec "$@"'));
  starts(['/entry.sh', '/app'], { ...entry('nope\nexec "$@"'), late: ['late-command-missing'], last: '/app' });
  starts(['/entry.sh', '/app'], { ...entry('set -e\n. /no.env\nexec "$@"'), late: ['late-file-missing'] });
  starts(['/entry.sh', '/app'], { ...entry('[ -n "$DEBUG" ] && nope\n[ -f /x ] && . /x\nexec "$@"'), last: '/app' });
  starts(['/entry.sh', '/app'], { ...entry('if ! command -v nope; then echo no; fi\nexec "$@"'), last: '/app' });
  starts(['/entry.sh', '/app'], { ...entry('[ -z "$SECRET" ] && { echo set it; exit 1; }\nnope'), late: [] });
  starts(['/entry.sh', 'x'], {
    ...entry('case "$1" in\n  x|y) shift; set -- /app "$@" ;;\nesac\nexec "$@"'),
    last: '/app',
  });
  starts(['tini', '--', '/entry.sh', '/app'], {
    ...entry('for f in /entry.d/*.sh; do [ -x "$f" ] && "$f"; done\nexec "$@"'),
    last: '/app',
  });
  starts(['/entry.sh', '/app'], {
    ...entry('wait_for() {\n  while ! nope; do cat /x; done\n}\nexec "$@"'),
    last: '/app',
  });
  starts(['/entry.sh'], { ...entry('export HERE=$(unknown "$0")\nexec "$HERE/bin/x"') });
  starts(['/entry.sh'], {
    ...entry('export HERE=$(dirname /usr/local/x) A=1\nexec "$HERE/bin/tool"'),
    last: '/usr/local/bin/tool',
  });
  starts(['/entry.sh'], { ...entry('"$1"') });
  starts(['/entry.sh', '/app'], { ...entry('exec "$@"\r\n') });
  starts(['sh', '/entry.sh', '/app'], { ...entry('exec "$@"'), last: '/app' });
  stops('program-missing', ['sh', '/nope.sh'], { missing: ['/nope.sh'] });
  stops('script-unreadable', ['sh', '/secret.sh'], {
    files: { '/secret.sh': { content: 'exec /app', mode: 0o600 } },
    config: { user: 'web' },
  });
  stops('script-unreadable', ['/entry.sh'], {
    files: { '/entry.sh': { content: '#!/bin/sh\n', mode: 0o711 } },
    config: { user: 'web' },
  });
});

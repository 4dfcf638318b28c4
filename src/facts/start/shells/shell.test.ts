import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { executable, glibcProgram, staticProgram } from '../../../../tests/make/scene.ts';
import { foreignProgram, script, startIn, starts, stops } from '../../../../tests/make/start.ts';

const sh = (text: string, ...args: string[]) => ['sh', '-c', text, ...args];
const bash = (text: string) => ['bash', '-c', text];

/** Each was run by docker in a Debian system, too. */
describe('startOf, with a text for a shell,', () => {
  stops('shell-command-missing', sh('nope'), { missing: ['nope'], subject: '/usr/bin/dash' });
  stops('shell-command-missing', sh('/nope'), { missing: ['/nope'] });
  stops('shell-command-missing', sh('exec nope'));
  stops('shell-command-missing', sh('echo hello; nope'));
  stops('shell-command-missing', sh('set -e; nope; /app'));
  stops('shell-command-missing', ['sh', '-ec', 'nope; /app']);
  stops('shell-command-missing', sh('/app | nope'));
  stops('shell-command-missing', sh('mkdir -p /x && nope'));
  stops('shell-command-missing', sh('cd /nope && /app'), { missing: ['/nope'] });
  stops('shell-command-missing', sh('/app > /no/dir/log'), { missing: ['/no/dir'] });
  stops('shell-command-missing', sh('. /nope.env; /app'), { missing: ['/nope.env'] });
  stops('shell-command-missing', sh('. app.env; /app'), {
    files: { '/srv/app.env': 'A=1' },
    config: { workingDir: '/srv' },
    missing: ['app.env'],
  });
  stops('shell-command-missing', sh('source /app.env && /app'), { files: { '/app.env': 'A=1' }, missing: ['source'] });
  stops('shell-command-missing', sh('while true; do nope; done'), { missing: ['nope'] });
  stops('shell-command-missing', sh('if [ -f /nope ]; then /app; else nope; fi'), { missing: ['nope'] });
  stops('shell-command-missing', sh('PATH=/nope; tool'));
  stops('shell-command-missing', ['sh', '-c']);
  stops('shell-command-denied', sh('/data'), { files: { '/data': 'text' }, missing: ['/data'] });
  stops('shell-command-denied', sh('/srv'));
  stops('shell-missing', ['/bin/zsh', '-c', '/app']);
  stops('loader-elsewhere', sh('exec /other'), { files: { '/other': staticProgram({ interpreter: '/lib/ld.so.1' }) } });
  stops('lib-missing', sh('/other'), {
    files: { '/other': glibcProgram({ needs: ['libx.so'] }) },
    missing: ['libx.so'],
  });
  stops('wrong-architecture', sh('/other'), { files: { '/other': foreignProgram } });
  stops('interpreter-missing', sh('/run.sh'), { files: { '/run.sh': script('#!/bin/zsh\n') } });
  stops('lib-missing', sh('/app'), { files: { '/usr/bin/dash': glibcProgram({ needs: ['libx.so'] }) } });
  stops('program-missing', sh('exec tini -- nope'));
  stops('user-not-found', sh('exec gosu nobody /app'));

  starts(sh('/app'), { last: '/app' });
  starts(sh('tool --flag'), { last: '/usr/local/bin/tool' });
  starts(sh(`exec $PROGRAM \${PORT:-80}`), { config: { env: ['PROGRAM=/app'] }, last: '/app' });
  starts(sh('A=1 exec /app'), { last: '/app' });
  starts(sh('cd /usr/local/bin && ./tool'), { last: '/usr/local/bin/tool' });
  starts(sh('nope || /app'), { last: '/app' });
  starts(sh('nope; /app'), { last: '/app', late: ['late-command-missing'] });
  starts(sh('[ -n "$UNSET" ] && nope; /app'), { last: '/app' });
  starts(sh('command -v nope >/dev/null || exec /app'), { last: '/app' });
  starts(sh('case "$MODE" in dev) nope;; *) /app;; esac'), { config: { env: ['MODE=prod'] }, last: '/app' });
  starts(sh('echo /app > /tmp/x; chmod +x /tmp/x; /tmp/x'), { files: { '/usr/bin/chmod': glibcProgram() } });
  starts(sh('cd /tmp; echo /app > x && sh ./x'));
  stops('program-missing', sh('echo > /tmp/log; sh /tmp/x'));
  starts(sh('run() { "$@"; }; run /app'), { last: '/app' });
  starts(sh('shift $((A-1)); "$@"', 'x', '-b', '1', '/app'));
  starts(sh('shift; "$@"', 'x', '-b', '/app'), { last: '/app' });
  starts(sh('exec "$0" "$@"', '/app', 'x'), { last: '/app' });
  starts(sh('exec "$@"', '--', '/app'), { last: '/app' });
  starts(sh('. app.env; $APP'), { files: { '/usr/local/bin/app.env': 'APP=/app\n' }, last: '/app' });
  starts(bash('. app.env; $APP'), {
    files: { '/srv/app.env': 'APP=/app\n' },
    config: { workingDir: '/srv' },
    last: '/app',
  });
  starts(sh('. /app.env; $APP'), { files: { '/app.env': 'APP=/app\n' }, last: '/app' });
  starts(sh('cat > /tmp/x <<EOF\nnope\nEOF\n/app < /tmp/x'), { last: '/app' });
  starts(sh('for f in /usr/local/bin/*; do $f; done'), { last: '/usr/local/bin/tool' });
  starts(sh('exec $(command -v tool)'), { last: '/usr/local/bin/tool' });
  starts(sh('/plain.sh'), { files: { '/plain.sh': script('exec /app\n') }, last: '/app' });
  stops('no-shebang', sh('/wide.sh'), { files: { '/wide.sh': executable(Buffer.from('\ufeffecho x', 'utf16le')) } });
  starts(sh('if some | test; then nope; fi; /app'), { files: { '/usr/bin/some': glibcProgram() }, last: '/app' });
  starts(bash('source /app.env && [[ $A == x* ]] && /app'), { files: { '/app.env': 'A=xy' }, last: '/app' });
  starts(bash('set -o pipefail; function go { exec -a name /app; }; go'), { last: '/app' });
  starts(['sh']);
  starts(['bash', '-lc', 'tool'], {
    files: { '/etc/profile': 'PATH=/usr/local/bin:/bin\n' },
    last: '/usr/local/bin/tool',
  });

  it('does not know what a download brings', async () => {
    const verdict = await startIn(sh('curl -o /srv/app http://example.com/app; chmod +x /srv/app; /srv/app'), {
      files: { '/usr/bin/curl': glibcProgram() },
    });
    assert.equal(verdict.starts, 'yes');
  });

  it('shows each file of the way with its role', async () => {
    const verdict = await startIn(sh('exec tini -- /app'));
    assert.deepEqual(
      verdict.chain.map(({ role, path }) => `${role} ${path}`),
      ['shell /usr/bin/dash', 'launcher /usr/bin/tini', 'program /app'],
    );
    assert.deepEqual(verdict.chain[0]?.argv, ['sh', '-c', 'exec tini -- /app']);
  });

  it('comes to an end with scripts that start themselves', async () => {
    const verdict = await startIn(['/run.sh'], { files: { '/run.sh': script('#!/bin/sh\nexec "$0"\n') } });
    assert.equal(verdict.starts, 'unknown');
    assert.equal(verdict.undecided.length, 1);
  });
});

describe("startOf, with BusyBox's shell,", () => {
  const names = ['[', 'ash', 'cat', 'echo', 'env', 'sh', 'true'];
  const box = (version: string) => ({
    ...Object.fromEntries(
      ['sh', 'dash', 'env', 'cat', 'mkdir', 'nice'].map((name) => [
        `/usr/bin/${name}`,
        { linkTarget: '/usr/bin/busybox' },
      ]),
    ),
    '/usr/bin/busybox': staticProgram({ strings: [...names, `BusyBox v1.35.0 (${version})`] }),
  });
  stops('shell-command-missing', sh('nope'), { files: box('Debian 1:1.35.0-4') });
  stops('program-missing', ['busybox', 'nope'], { files: box('Debian 1:1.35.0-4'), missing: ['nope'] });
  stops('shell-command-missing', sh('PATH=/nope; cat /etc/passwd'), { files: box('2023-11-07') });
  starts(sh('PATH=/nope; cat /etc/passwd'), { files: box('Debian 1:1.35.0-4') });
  starts(['busybox', 'sh', '-c', '/app'], { files: box('2023-11-07'), last: '/app' });
});

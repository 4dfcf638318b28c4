import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcFiles, glibcProgram, judgedBy, type SceneParts, staticProgram } from '../../../../../tests/make/scene.ts';
import { lateFileMissing } from './late-file-missing.ts';

const judge = (parts: SceneParts) => judgedBy(lateFileMissing, parts);
const missingOf = async (parts: SceneParts) => (await judge(parts)).flatMap(({ missing = [] }) => missing);
const small = (imports: string[], strings: string[] = []) => ({
  ...glibcFiles(),
  '/app': glibcProgram({ imports, strings }),
});
const server = { '/app': staticProgram() };

describe('late-file-missing and the command line', () => {
  it('speaks of a configuration that an option names', async () => {
    for (const cmd of [
      ['--config', '/etc/app.yml'],
      ['--config.file=/etc/app.yml'],
      ['-config=/etc/app.yml'],
      ['--defaults-file=/etc/app.yml'],
    ])
      assert.deepEqual(await missingOf({ files: server, config: { cmd } }), ['/etc/app.yml'], cmd.join(' '));
    const there = { ...server, '/etc/app.yml': 'a: 1' };
    assert.deepEqual(await judge({ files: there, config: { cmd: ['--config', '/etc/app.yml'] } }), []);
  });

  it('takes relative names from the working directory', async () => {
    const config = { cmd: ['--config=app.toml'], workingDir: '/srv' };
    assert.deepEqual(await missingOf({ files: server, config }), ['app.toml']);
    assert.deepEqual(await judge({ files: { ...server, '/srv/app.toml': 'x' }, config }), []);
  });

  it('passes over options that name something else', async () => {
    for (const word of [
      '--config-dir=/etc/app',
      '--write-config=/out.yml',
      '--conf=verbose',
      '--configure=/x.yml,/y.yml',
      '-c',
    ])
      assert.deepEqual(await judge({ files: server, config: { cmd: [word, '/none'] } }), [], word);
  });

  it('knows the short options of servers, also behind a launcher', async () => {
    const files = { '/usr/sbin/haproxy': staticProgram(), '/usr/bin/redis-server': staticProgram() };
    const run = (...entrypoint: string[]) => missingOf({ files, config: { entrypoint } });
    assert.deepEqual(await run('haproxy', '-f', '/etc/haproxy.cfg'), ['/etc/haproxy.cfg']);
    assert.deepEqual(await run('redis-server', '/etc/redis.conf'), ['/etc/redis.conf']);
    assert.deepEqual(await run('redis-server', '--port', '6380'), []);
  });

  it('only notes a file below a volume, where it may be mounted', async () => {
    const config = { cmd: ['--config=/data/app.yml'], volumes: ['/data'] };
    assert.equal((await judge({ files: server, config }))[0]?.severity, 'notes');
  });
});

describe('late-file-missing and nginx', () => {
  const built =
    'configure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf --http-log-path=/var/log/nginx/access.log --error-log-path=/var/log/nginx/error.log --pid-path=/run/nginx.pid --http-proxy-temp-path=/var/lib/nginx/proxy --with-http_ssl_module';
  const nginx = { ...glibcFiles(), '/usr/sbin/nginx': glibcProgram({ strings: [built] }) };
  const config = { entrypoint: ['nginx', '-g', 'daemon off;'] };

  it('asks first for the configuration that it was built for', async () => {
    assert.deepEqual(await missingOf({ files: nginx, config }), ['/etc/nginx/nginx.conf']);
  });

  it('asks for what that includes, and for the directories of logs, pid and temporary files', async () => {
    const conf = '# include /nowhere;\nevents {}\nhttp { include mime.types; include conf.d/*.conf; }\n';
    assert.deepEqual(await missingOf({ files: { ...nginx, '/etc/nginx/nginx.conf': conf }, config }), [
      '/etc/nginx/mime.types',
      '/run',
      '/var/log/nginx',
      '/var/lib/nginx',
    ]);
  });

  it('is silent where all of it is there, or set otherwise', async () => {
    const conf = 'pid /tmp/nginx.pid; error_log stderr; events {}\nhttp { access_log off; proxy_temp_path /tmp/p; }\n';
    const files = { ...nginx, '/etc/nginx/nginx.conf': conf, '/tmp/': {} };
    assert.deepEqual(await judge({ files, config }), []);
  });
});

describe('late-file-missing and known servers', () => {
  const files = {
    '/usr/sbin/sshd': staticProgram({ strings: ['/etc/ssh/sshd_config', '/run/sshd', 'x'.repeat(200_000)] }),
  };
  const run = (more: SceneParts['files'], ...args: string[]) =>
    missingOf({ files: { ...files, ...more }, config: { entrypoint: ['/usr/sbin/sshd', ...args] } });

  it('asks for what they open first, where they were built for that place', async () => {
    assert.deepEqual(await run({}, '-D'), ['/etc/ssh/sshd_config', '/run/sshd']);
    assert.deepEqual(await run({ '/etc/ssh/sshd_config': '', '/run/sshd/': {} }, '-D'), []);
    assert.deepEqual(await run({ '/usr/sbin/sshd': staticProgram() }, '-D'), []);
  });

  it('takes the options that name another place', async () => {
    assert.deepEqual(await run({ '/my.conf': '' }, '-D', '-f', '/my.conf'), ['/run/sshd']);
    assert.deepEqual(await run({}, '-T'), []);
  });
});

describe('late-file-missing and small programs', () => {
  it('speaks of temporary files without /tmp, or in one that the user may not write', async () => {
    assert.deepEqual(await missingOf({ files: small(['mkstemp'], ['/tmp/appXXXXXX']) }), ['/tmp']);
    assert.deepEqual(await missingOf({ files: small(['tmpfile']) }), ['/tmp']);
    const closed = { ...small(['tmpfile']), '/tmp/': { mode: 0o755 } };
    assert.deepEqual(await missingOf({ files: closed, config: { user: '1000' } }), ['/tmp']);
    assert.deepEqual(await judge({ files: closed }), []);
    assert.deepEqual(await judge({ files: { ...closed, '/tmp/': { mode: 0o1777 } }, config: { user: '1000' } }), []);
  });

  it('sees temporary files and names in a small static program, and not what libc names itself', async () => {
    const shown = async (strings: string[]) => missingOf({ files: { '/app': staticProgram({ strings }) } });
    assert.deepEqual(await shown(['XXXXXX']), ['/tmp']);
    assert.deepEqual(await shown(['/etc/app/app.conf', '/etc/aliases', '/var/run/nscd/socket']), ['/etc/app/app.conf']);
  });

  it('takes no route of a server for a file', async () => {
    assert.deepEqual(await judge({ files: small(['open'], ['/api/v1/users', '/metrics/x']) }), []);
  });

  it('takes TMPDIR for what it says', async () => {
    const files = { ...small(['mkdtemp']), '/var/tmp/': {} };
    assert.deepEqual(await judge({ files, config: { env: ['TMPDIR=/var/tmp'] } }), []);
  });

  it('speaks of a file whose directory is not there', async () => {
    assert.deepEqual(await missingOf({ files: small(['fopen'], ['/var/log/app/app.log']) }), ['/var/log/app/app.log']);
    assert.deepEqual(await judge({ files: { ...small(['fopen'], ['/var/log/app.log']), '/var/log/': {} } }), []);
  });

  it('speaks of a configuration that is not there, and not of a file that the program may make', async () => {
    const files = { ...small(['fopen'], ['/etc/app.conf', '/etc/app.state']), '/etc/': {} };
    assert.deepEqual(await missingOf({ files }), ['/etc/app.conf']);
  });

  it('speaks of what the user may neither read nor make', async () => {
    const files = {
      ...small(['fopen'], ['/run/app/app.pid', '/etc/app.key']),
      '/run/app/': {},
      '/etc/app.key': { content: 'secret', mode: 0o600 },
    };
    assert.deepEqual(await missingOf({ files, config: { user: '1000' } }), ['/run/app/app.pid', '/etc/app.key']);
    assert.deepEqual(await judge({ files }), []);
  });

  it('only notes files of one name that are tried in several places', async () => {
    const files = small(['fopen'], ['/etc/own/own.conf', '/usr/local/etc/own.conf', 'own.conf']);
    assert.deepEqual(
      (await judge({ files })).map(({ severity }) => severity),
      ['notes', 'notes'],
    );
  });

  it('speaks of its own files in a working directory that the user may not write', async () => {
    const files = { ...small(['fopen'], ['app.log', 'words']), '/srv/': { uid: 1000 } };
    assert.deepEqual(await missingOf({ files, config: { user: '1000' } }), ['app.log']);
    assert.deepEqual(await judge({ files, config: { user: '1000', workingDir: '/srv' } }), []);
    assert.deepEqual(await judge({ files }), []);
  });

  it('leaves out what libc, the loader and the engine answer for, and large programs', async () => {
    const strings = [
      '/etc/passwd',
      '/proc/self/exe',
      '/usr/lib/x/y.so',
      '/dev/null',
      '/etc/resolv.conf',
      '/usr/bin/git',
    ];
    assert.deepEqual(await judge({ files: small(['fopen'], strings) }), []);
    const many = Array.from({ length: 60 }, (_, at) => `function_${at}`);
    assert.deepEqual(await judge({ files: small(['fopen', ...many], ['/var/none/at.all']) }), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  glibcFiles,
  glibcProgram,
  judgedBy,
  makeScene,
  type SceneParts,
  staticProgram,
} from '../../../../../tests/make/scene.ts';
import { lateNssMissing } from './late-nss-missing.ts';

const judge = (parts: SceneParts) => judgedBy(lateNssMissing, parts);
const many = Array.from({ length: 60 }, (_, at) => `function_${at}`);
const accounts = { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', '/etc/group': 'root:x:0:\n' };

describe('late-nss-missing', () => {
  it('speaks of a small program that looks users up where there is no /etc/passwd', async () => {
    const [found, ...others] = await judge({
      files: { ...glibcFiles(), '/app': glibcProgram({ imports: ['puts', 'getpwnam'] }) },
    });
    assert.equal(found?.severity, 'degrades');
    assert.deepEqual(found?.missing, ['/etc/passwd']);
    assert.match(found?.says ?? '', /getpwnam/);
    assert.equal(others.length, 0);
  });

  it('only notes it of a large program, which may never do so', async () => {
    const [found] = await judge({
      files: { ...glibcFiles(), '/app': glibcProgram({ imports: [...many, 'getpwuid'] }) },
    });
    assert.equal(found?.severity, 'notes');
  });

  it('knows servers that change their user when root starts them', async () => {
    const files = { ...glibcFiles(), '/usr/sbin/nginx': glibcProgram({ imports: [...many, 'getpwnam'] }) };
    const [asRoot] = await judge({ files, config: { entrypoint: ['nginx'] } });
    const [asOther] = await judge({ files, config: { entrypoint: ['nginx'], user: '101' } });
    assert.deepEqual([asRoot?.severity, asOther?.severity], ['degrades', 'notes']);
  });

  it('reads the account that nginx changes to in its configuration', async () => {
    const strings = ['configure arguments: --prefix=/usr/share/nginx --conf-path=/etc/nginx/nginx.conf'];
    const nginx = glibcProgram({ imports: [...many, 'getpwnam'], strings });
    const run = async (conf: string, user = '') => {
      const files = { ...glibcFiles(), ...accounts, '/usr/sbin/nginx': nginx, '/etc/nginx/nginx.conf': conf };
      return (await judge({ files, config: { entrypoint: ['nginx'], user } })).map(({ about }) => about?.['user']);
    };
    assert.deepEqual(await run('user www-data;\nevents {}\n'), ['www-data']);
    assert.deepEqual(await run('# user root;\nevents {}\n'), ['nobody']);
    assert.deepEqual(await run('user root;\nevents {}\n'), []);
    assert.deepEqual(await run('user www-data;\n', '0:0'), ['www-data']);
    assert.deepEqual(await run('user www-data;\n', '101'), []);
  });

  it('is silent where the files are there and the user has a line', async () => {
    const files = {
      ...glibcFiles(),
      ...accounts,
      '/etc/services': 'http 80/tcp\n',
      '/app': glibcProgram({ imports: ['getpwuid', 'getgrgid', 'getservbyname', 'getaddrinfo'] }),
    };
    assert.deepEqual(await judge({ files }), []);
  });

  it('speaks of a number without an account in a program that asks who it is', async () => {
    const files = { ...glibcFiles(), ...accounts, '/app': glibcProgram({ imports: ['getpwuid'] }) };
    const [found] = await judge({ files, config: { user: '1000' } });
    assert.match(found?.says ?? '', /its own user 1000/);
    assert.equal(found?.severity, 'degrades');
  });

  it('speaks of groups and services, by function and by name', async () => {
    const wanted = async (imports: string[], strings: string[] = []) => {
      const files = { ...glibcFiles(), '/app': glibcProgram({ imports, strings }) };
      return (await judge({ files })).flatMap(({ missing = [] }) => missing);
    };
    assert.deepEqual(await wanted(['getgrnam']), ['/etc/group']);
    assert.deepEqual(await wanted(['getservbyname']), ['/etc/services']);
    assert.deepEqual(await wanted(['getaddrinfo'], ['postgresql']), ['/etc/services']);
    assert.deepEqual(await wanted(['getaddrinfo'], ['5432']), []);
  });

  it('wants the modules before glibc 2.34 and none since', async () => {
    const files = { '/app': glibcProgram({ imports: ['getaddrinfo'] }) };
    const [found] = await judge({ files: { ...glibcFiles(31), ...files } });
    assert.deepEqual(found?.missing, ['libnss_files.so.2', 'libnss_dns.so.2']);
    assert.deepEqual(await judge({ files: { ...glibcFiles(34), ...files } }), []);
    const module = { '/usr/lib/x86_64-linux-gnu/libnss_files.so.2': 'a module' };
    assert.deepEqual(await judge({ files: { ...glibcFiles(31), ...files, ...module } }), []);
  });

  it('reads nsswitch.conf, and speaks only where all modules of a line are absent', async () => {
    const files = (hosts: string) => ({
      ...glibcFiles(),
      '/etc/nsswitch.conf': `# comment\nhosts: ${hosts} # more\n`,
      '/app': glibcProgram({ imports: [...many, 'getaddrinfo'] }),
    });
    const [found] = await judge({ files: files('resolve [!UNAVAIL=return] mymachines') });
    assert.deepEqual(found?.missing, ['libnss_resolve.so.2', 'libnss_mymachines.so.2']);
    assert.equal(found?.severity, 'degrades');
    assert.deepEqual(await judge({ files: files('resolve [!UNAVAIL=return] dns') }), []);
  });

  it('sees os/user in Go’s strings and the file’s name in a static program', async () => {
    const go = { '/app': staticProgram({ strings: ['reflectuser: unknown userid runtime'] }) };
    const [inGo] = await judge({ files: go, go: { path: 'command-line-arguments' } });
    assert.match(inGo?.says ?? '', /os\/user/);
    assert.equal(inGo?.severity, 'degrades');
    const ofStatic = async (...strings: string[]) =>
      (await judge({ files: { '/app': staticProgram({ strings }) } }))[0];
    assert.equal((await ofStatic('/etc/passwd'))?.severity, 'degrades');
    assert.equal((await ofStatic('/etc/passwd', 'x'.repeat(200_000)))?.severity, 'notes');
    assert.deepEqual(await judge({ files: { '/app': staticProgram({ strings: ['hello'] }) } }), []);
  });

  it('says nothing of interpreters and of images that do not start', async () => {
    const python = { ...glibcFiles(), '/usr/bin/python3.11': glibcProgram({ imports: ['getpwnam'] }) };
    assert.deepEqual(await judge({ files: python, config: { entrypoint: ['python3.11'] } }), []);
    assert.deepEqual(await judge({ files: { '/app': glibcProgram({ imports: ['getpwnam'] }) } }), []);
  });

  it('begins with what was seen at the start, and does not say it twice', async () => {
    const scene = await makeScene({ files: { ...glibcFiles(), '/app': glibcProgram({ imports: ['getpwnam'] }) } });
    const late = [
      { cause: 'late-nss-missing', missing: ['/etc/passwd'], subject: '/gosu', says: 'gosu asks' },
    ] as const;
    const found = await lateNssMissing.judge({ ...scene, verdict: { ...scene.verdict, late } });
    assert.deepEqual(
      found.map(({ says }) => says),
      ['gosu asks'],
    );
  });
});

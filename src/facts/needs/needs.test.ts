import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { imagePath, readAll } from '../../kit/index.ts';
import { type LiteralNode, literalTree } from '../../rootfs/index.ts';
import { type NeedsOptions, needsOf } from './index.ts';

type Files = Readonly<Record<string, string | Uint8Array | LiteralNode>>;

const loader = '/lib64/ld-linux-x86-64.so.2';
const folder = '/usr/lib/x86_64-linux-gnu';
const calls = (...names: readonly string[]) => names.map((name) => ({ name, defined: false }));
const program = (parts: ElfParts = {}): LiteralNode => ({
  content: elf({ interpreter: loader, needs: ['libc.so.6'], ...parts }),
  mode: 0o755,
});
const script = (content: string): LiteralNode => ({ content, mode: 0o755 });
const library = (soname: string, parts: ElfParts = {}): LiteralNode => ({ content: elf({ soname, ...parts }) });

/** A glibc system with a shell. */
const system: Files = {
  '/lib': { linkTarget: 'usr/lib' },
  '/lib64': { linkTarget: 'usr/lib64' },
  '/bin': { linkTarget: 'usr/bin' },
  '/usr/lib64/ld-linux-x86-64.so.2': { content: elf({ soname: 'ld-linux-x86-64.so.2' }), mode: 0o755 },
  [`${folder}/libc.so.6`]: library('libc.so.6', { versionsDefined: ['GLIBC_2.34'] }),
  '/usr/bin/dash': program(),
  '/usr/bin/sh': { linkTarget: 'dash' },
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nwww:$1$hash:33:33::/var/www:/bin/false\nalice:x:1000:1000:Alice:/home/alice:/bin/zsh\n',
  '/etc/group': 'root:x:0:\nwww:x:33:alice,www\nalice:x:1000:\n',
};

const needs = (files: Files, options?: NeedsOptions) =>
  needsOf(literalTree({ ...system, ...files }), imagePath('/usr/bin/app'), options);

/** The paths that come along beyond those of an empty program of that system. */
async function beyond(files: Files, options?: NeedsOptions): Promise<string[]> {
  const plain = new Set((await needs({ '/usr/bin/app': program() })).needs.map(({ path }) => path));
  const found = await needs(files, options);
  return found.needs.map(({ path }) => path).filter((path) => !plain.has(path));
}

/** A package's record, for rules that ask which package a file came with. */
const dpkg = (...packages: readonly { name: string; fields?: string; files: readonly string[] }[]): Files => ({
  '/var/lib/dpkg/status': packages
    .map(
      ({ name, fields = '' }) =>
        `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n${fields}\n`,
    )
    .join('\n'),
  ...Object.fromEntries(
    packages.map(({ name, files }) => [`/var/lib/dpkg/info/${name}.list`, `/.\n${files.join('\n')}\n`]),
  ),
});

describe('needsOf', () => {
  it('takes the program, its loader and libraries, each symlink on the way, and says why', async () => {
    const { needs: found, missing } = await needs({
      '/usr/bin/app': program({ needs: ['libx.so.1', 'libc.so.6'] }),
      [`${folder}/libx.so.1`]: { linkTarget: 'libx.so.1.2' },
      [`${folder}/libx.so.1.2`]: library('libx.so.1', { needs: ['libgone.so.3'] }),
    });
    const byPath = new Map(found.map((need) => [need.path as string, need]));
    for (const path of [
      '/usr/bin/app',
      '/lib64',
      '/usr/lib64/ld-linux-x86-64.so.2',
      `${folder}/libx.so.1`,
      `${folder}/libx.so.1.2`,
    ]) {
      assert.equal(byPath.get(path)?.level, 'needed', path);
    }
    assert.equal(byPath.get(`${folder}/libx.so.1.2`)?.because[0]?.rule, 'library');
    assert.deepEqual(
      missing.map(({ name, because }) => [name, because.by]),
      [['libgone.so.3', `${folder}/libx.so.1.2`]],
    );
  });

  it('makes accounts of the system without people and passwords, and a name service without modules', async () => {
    const { added, needs: found } = await needs({
      '/usr/bin/app': program(),
      '/etc/shadow': 'root:$6$x',
      '/etc/nsswitch.conf': 'passwd: sss',
    });
    const read = async (path: string) => {
      const node = await added.lookup(imagePath(path));
      return node === undefined ? '' : (await readAll(node.content, 1000)).toString();
    };
    assert.match(
      await read('/etc/passwd'),
      /^root:\*:0:0:root:\/root:\/bin\/sh\nwww:\*:33:33::\/var\/www:\/bin\/false\nnobody:\*:65534/,
    );
    assert.match(await read('/etc/group'), /^root:x:0:\nwww:x:33:www\n/);
    assert.match(await read('/etc/nsswitch.conf'), /^hosts: files dns$/m);
    assert.equal((await added.lookup(imagePath('/tmp')))?.mode, 0o1777);
    assert.equal(
      found.some(({ path }) => /shadow|nsswitch/.test(path)),
      false,
    );
  });

  it('keeps the account that the image runs as, a person or not', async () => {
    const { added } = await needs({ '/usr/bin/app': program() }, { user: 'alice' });
    const node = await added.lookup(imagePath('/etc/passwd'));
    assert.match(node === undefined ? '' : (await readAll(node.content, 1000)).toString(), /^alice:\*:1000:1000:/m);
  });

  it('takes what is included with all below it and its own closure, and leaves out what is excluded', async () => {
    const found = await beyond(
      {
        '/usr/bin/app': program(),
        '/opt/tools/run': program({ needs: ['libz.so.1', 'libc.so.6'] }),
        '/opt/tools/notes.md': 'x',
        [`${folder}/libz.so.1`]: library('libz.so.1'),
      },
      { include: ['/opt/tools'], exclude: ['/opt/**/*.md'] },
    );
    assert.deepEqual(found, ['/opt/tools', '/opt/tools/run', `${folder}/libz.so.1`]);
  });

  it('is PROGRAM_NOT_FOUND for what is no file', async () => {
    await assert.rejects(needs({}), { code: 'PROGRAM_NOT_FOUND' });
  });
});

describe('rules for what libc does by itself', () => {
  it('bring libgcc_s for a program that ends threads', async () => {
    const files = { [`${folder}/libgcc_s.so.1`]: library('libgcc_s.so.1') };
    assert.deepEqual(await beyond({ ...files, '/usr/bin/app': program({ symbols: calls('pthread_exit') }) }), [
      `${folder}/libgcc_s.so.1`,
    ]);
    assert.deepEqual(await beyond({ ...files, '/usr/bin/app': program({ symbols: calls('pthread_create') }) }), []);
  });

  it('bring the modules of the name service only where libc has not got them inside', async () => {
    const files = {
      '/usr/bin/app': program({ symbols: calls('getpwnam') }),
      [`${folder}/libnss_files.so.2`]: library('libnss_files.so.2'),
    };
    assert.deepEqual(await beyond(files), []);
    const old = { ...files, [`${folder}/libc.so.6`]: library('libc.so.6', { versionsDefined: ['GLIBC_2.28'] }) };
    assert.deepEqual(await beyond(old), [`${folder}/libnss_files.so.2`]);
  });

  it('bring the tables of character sets and those that are common or named; all of them when asked', async () => {
    const files = {
      '/usr/bin/app': program({ symbols: calls('iconv_open'), strings: ['EUC-JP'] }),
      [`${folder}/gconv/gconv-modules`]: 'x',
      [`${folder}/gconv/UTF-16.so`]: library('UTF-16.so'),
      [`${folder}/gconv/EUC-JP.so`]: library('EUC-JP.so'),
      [`${folder}/gconv/IBM037.so`]: library('IBM037.so'),
    };
    const paths = ['EUC-JP.so', 'IBM037.so', 'UTF-16.so', 'gconv-modules'].map((name) => `${folder}/gconv/${name}`);
    assert.deepEqual(
      await beyond(files),
      paths.filter((path) => !path.includes('IBM')),
    );
    assert.deepEqual(await beyond(files, { keep: 'possible' }), paths);
    assert.deepEqual(await beyond(files, { keep: 'needed' }), []);
  });

  it('bring the locale that the environment names, C.UTF-8 in any case', async () => {
    const files = {
      '/usr/bin/app': program({ symbols: calls('setlocale') }),
      '/usr/lib/locale/C.utf8/LC_CTYPE': 'c',
      '/usr/lib/locale/de_DE.utf8/LC_CTYPE': 'd',
      '/usr/lib/locale/fr_FR.utf8/LC_CTYPE': 'f',
    };
    assert.deepEqual(await beyond(files), ['/usr/lib/locale/C.utf8', '/usr/lib/locale/C.utf8/LC_CTYPE']);
    const german = await beyond(files, { env: { LANG: 'de_DE.UTF-8' } });
    assert.ok(german.includes('/usr/lib/locale/de_DE.utf8/LC_CTYPE'));
    assert.equal(
      german.some((path) => path.includes('fr_FR')),
      false,
    );
  });

  it('bring local time, the zone in TZ, and all zones for a program that looks them up itself', async () => {
    const zones = {
      '/etc/localtime': { linkTarget: '/usr/share/zoneinfo/Asia/Tokyo' },
      '/usr/share/zoneinfo/Asia/Tokyo': 'tz',
      '/usr/share/zoneinfo/Europe/Rome': 'tz',
      '/usr/share/zoneinfo/right/UTC': 'tz',
    };
    const plain = { ...zones, '/usr/bin/app': program({ symbols: calls('localtime_r') }) };
    assert.deepEqual(await beyond(plain), ['/etc/localtime', '/usr/share/zoneinfo/Asia/Tokyo']);
    assert.ok((await beyond(plain, { env: { TZ: 'Europe/Rome' } })).includes('/usr/share/zoneinfo/Europe/Rome'));
    const found = await beyond({
      ...zones,
      '/usr/bin/app': program({ symbols: calls('localtime'), strings: ['/usr/share/zoneinfo/'] }),
    });
    assert.ok(found.includes('/usr/share/zoneinfo/Europe/Rome'));
    assert.equal(found.includes('/usr/share/zoneinfo/right/UTC'), false);
  });
});

describe('rules for what is read, loaded and started', () => {
  it('bring the bundle of trusted certificates where a library names it, with the targets of links', async () => {
    const found = await beyond({
      '/usr/bin/app': program({ needs: ['libtls.so.1', 'libc.so.6'] }),
      [`${folder}/libtls.so.1`]: library('libtls.so.1', { strings: ['/etc/ssl/certs/ca-certificates.crt'] }),
      '/etc/ssl/certs/ca-certificates.crt': { linkTarget: '/usr/share/ca/all.crt' },
      '/usr/share/ca/all.crt': 'pem',
    });
    assert.ok(found.includes('/etc/ssl/certs/ca-certificates.crt'));
    assert.ok(found.includes('/usr/share/ca/all.crt'));
  });

  it('bring a library that is opened by its soname with its own closure, and one that a dlopen note names', async () => {
    const files = {
      [`${folder}/libplug.so.2`]: library('libplug.so.2', { needs: ['libdeep.so.1'] }),
      [`${folder}/libdeep.so.1`]: library('libdeep.so.1'),
    };
    const both = [`${folder}/libdeep.so.1`, `${folder}/libplug.so.2`];
    assert.deepEqual(
      await beyond({ ...files, '/usr/bin/app': program({ symbols: calls('dlopen'), strings: ['libplug.so.2'] }) }),
      both,
    );
    assert.deepEqual(await beyond({ ...files, '/usr/bin/app': program({ strings: ['libplug.so.2'] }) }), []);
  });

  it('bring the shell for system(3), and commands of related packages that the strings name', async () => {
    const files = {
      '/usr/bin/app': program({ symbols: calls('system', 'execvp'), strings: ['helper', 'stranger'] }),
      '/usr/bin/helper': program(),
      '/usr/bin/stranger': program(),
      ...dpkg(
        { name: 'app', fields: 'Depends: helpers', files: ['/usr/bin/app'] },
        { name: 'helpers', files: ['/usr/bin/helper'] },
        { name: 'strangers', files: ['/usr/bin/stranger'] },
      ),
    };
    assert.deepEqual(await beyond(files), ['/usr/bin/dash', '/usr/bin/helper', '/usr/bin/sh', '/var/lib']);
  });

  it("bring the package's configuration with what it names, its state directories and its data, but no documents", async () => {
    const found = await beyond({
      '/usr/bin/app': program({ strings: ['/usr/share/app/table'] }),
      '/etc/app/app.conf': '# /srv/old/x\nroot /var/www/app;\n',
      '/etc/app/conf.d/local.conf': 'mine',
      '/srv/old/x': 'x',
      '/var/www/app/index.html': 'hello',
      '/var/lib/app/': { mode: 0o700, uid: 33 },
      '/usr/share/app/table': 'x'.repeat(40_000),
      '/usr/share/app/picture': 'x'.repeat(40_000),
      '/usr/share/doc/app/README': 'x',
      ...dpkg({
        name: 'app',
        files: [
          '/usr/bin/app',
          '/etc/app',
          '/etc/app/app.conf',
          '/var/lib/app',
          '/usr/share/app/table',
          '/usr/share/app/picture',
          '/usr/share/doc/app/README',
        ],
      }),
    });
    for (const path of [
      '/etc/app/app.conf',
      '/etc/app/conf.d/local.conf',
      '/var/www/app/index.html',
      '/var/lib/app',
      '/usr/share/app/table',
    ]) {
      assert.ok(found.includes(path), path);
    }
    for (const path of ['/srv/old/x', '/usr/share/app/picture', '/usr/share/doc/app/README'])
      assert.equal(found.includes(path), false, path);
  });

  it('follow a script to its interpreter, its commands and theirs, and what it sources', async () => {
    const found = await beyond({
      '/usr/bin/app': script(
        '#!/usr/bin/env sh\n. /usr/lib/app/common.sh\ncommand -v optional && echo yes\nexec first "$@"\n',
      ),
      '/usr/bin/env': program(),
      '/usr/lib/app/common.sh': 'second --now',
      '/usr/bin/first': script('#!/bin/sh\nthird\n'),
      '/usr/bin/second': program(),
      '/usr/bin/third': program(),
      '/usr/bin/optional': program(),
    });
    assert.deepEqual(found, [
      '/usr/bin/dash',
      '/usr/bin/env',
      '/usr/bin/first',
      '/usr/bin/second',
      '/usr/bin/sh',
      '/usr/bin/third',
      '/usr/lib/app/common.sh',
    ]);
  });

  it('follow PAM from the service to its stack, modules and helper, and to the login shell', async () => {
    const found = await beyond({
      '/usr/bin/app': program({ symbols: calls('pam_start'), strings: ['appd'] }),
      '/etc/pam.d/appd': '@include common\nauth required pam_x.so\n',
      '/etc/pam.d/common': 'account required pam_unix.so\n',
      '/etc/pam.d/stranger': 'auth required pam_y.so\n',
      [`${folder}/security/pam_x.so`]: library('pam_x.so'),
      [`${folder}/security/pam_y.so`]: library('pam_y.so'),
      [`${folder}/security/pam_unix.so`]: library('pam_unix.so'),
    });
    assert.deepEqual(found, [
      '/etc/pam.d/appd',
      '/etc/pam.d/common',
      '/usr/bin/dash',
      '/usr/bin/sh',
      `${folder}/security/pam_unix.so`,
      `${folder}/security/pam_x.so`,
    ]);
  });

  it('bring descriptions of common terminals and the one in TERM', async () => {
    const found = await beyond(
      {
        '/usr/bin/app': program({ symbols: calls('setupterm') }),
        '/usr/share/terminfo/x/xterm': 'x',
        '/usr/share/terminfo/w/wyse60': 'x',
        '/usr/share/terminfo/a/adm3a': 'x',
      },
      { env: { TERM: 'wyse60' } },
    );
    assert.deepEqual(found, ['/usr/share/terminfo/w/wyse60', '/usr/share/terminfo/x/xterm']);
  });

  it('never copy the machine: its keys, hosts and mounts stay where they are', async () => {
    const strings = [
      '/etc/fstab',
      '/etc/hosts',
      '/etc/shadow',
      '/etc/ssl/private/key.pem',
      '/etc/ssh/ssh_host_rsa_key',
      '/etc/app.conf',
    ];
    const files = Object.fromEntries(strings.map((path) => [path, 'x']));
    assert.deepEqual(await beyond({ ...files, '/usr/bin/app': program({ strings }) }), ['/etc/app.conf']);
    const secret = {
      ...files,
      '/etc/app.conf': { content: 'password', mode: 0o600 },
      '/usr/bin/app': program({ strings }),
    };
    assert.deepEqual(await beyond(secret), []);
    assert.match((await needs(secret)).notes.join(), /\/etc\/app\.conf stays out/);
    assert.deepEqual(await beyond(secret, { include: ['/etc/app.conf'] }), ['/etc/app.conf']);
  });
});

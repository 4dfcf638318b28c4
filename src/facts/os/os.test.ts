import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../tests/make/elf.ts';
import { emptyProcessConfig } from '../../formats/oci/index.ts';
import { type LiteralNode, literalTree } from '../../rootfs/index.ts';
import { startOf } from '../start/index.ts';
import { osOf } from './index.ts';

type Files = Record<string, string | Uint8Array | LiteralNode>;

const platform = { os: 'linux', architecture: 'amd64' };
const askAbout = (files: Files, architecture = 'amd64') =>
  osOf(literalTree(files), { platform: { ...platform, architecture } });

const program = (bytes: Uint8Array = elf()): LiteralNode => ({ content: bytes, mode: 0o755 });
const link = (linkTarget: string): LiteralNode => ({ linkTarget });

const glibcText = 'GNU C Library (Debian GLIBC 2.36-9+deb12u4) stable release version 2.36.\nCopyright';
const glibc = elf({ soname: 'libc.so.6', strings: ['x', glibcText] });
const glibcLoader = elf({ soname: 'ld-linux-x86-64.so.2', strings: ['GLIBC_PRIVATE'] });
const musl = elf({ soname: 'libc.musl-x86_64.so.1', strings: ['musl libc (x86_64)\nVersion %s\n', '1.2.5'] });
const dynamicShell = elf({ interpreter: '/lib64/ld-linux-x86-64.so.2', needs: ['libc.so.6'] });
const debian: Files = {
  '/etc/os-release':
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
  '/var/lib/dpkg/status': 'Package: bash\nStatus: install ok installed\nVersion: 5\nArchitecture: amd64\n',
  '/bin': link('usr/bin'),
  '/lib': link('usr/lib'),
  '/lib64': link('usr/lib64'),
  '/usr/lib64/ld-linux-x86-64.so.2': program(glibcLoader),
  '/usr/lib/x86_64-linux-gnu/libc.so.6': program(glibc),
  '/usr/bin/bash': program(dynamicShell),
  '/usr/bin/sh': link('bash'),
  '/usr/bin/ls': program(dynamicShell),
  '/usr/bin/apt': program(dynamicShell),
};
const alpine: Files = {
  '/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.1\nPRETTY_NAME="Alpine Linux v3.20"\n',
  '/lib/apk/db/installed': 'P:musl\nV:1.2.5-r0\nA:x86_64\n\nP:busybox\nV:1\n',
  '/lib/ld-musl-x86_64.so.1': program(musl),
  '/lib/libc.musl-x86_64.so.1': link('ld-musl-x86_64.so.1'),
  '/bin/busybox': program(elf({ interpreter: '/lib/ld-musl-x86_64.so.1', needs: ['libc.musl-x86_64.so.1'] })),
  '/bin/sh': link('/bin/busybox'),
  '/bin/ls': link('/bin/busybox'),
  '/sbin/init': link('/bin/busybox'),
  '/sbin/apk': program(),
};

describe('osOf', () => {
  it('tells of a Debian its release, libc, shells, package manager and packages', async () => {
    const { signs, ...facts } = await askAbout(debian);
    assert.deepEqual(facts, {
      present: true,
      distro: 'debian 12',
      name: 'Debian GNU/Linux 12 (bookworm)',
      libc: 'glibc 2.36',
      shell: '/bin/sh',
      shells: ['/bin/sh', '/bin/bash'],
      packageManager: 'apt',
      packageCount: 1,
      init: undefined,
      commands: 'coreutils',
    });
    assert.ok(signs.includes("dpkg's database /var/lib/dpkg/status lists 1 package"), signs.join('\n'));
  });

  it('tells of an Alpine its musl, apk and busybox', async () => {
    const { signs, name, ...facts } = await askAbout(alpine);
    assert.deepEqual(facts, {
      present: true,
      distro: 'alpine 3.20.1',
      libc: 'musl 1.2.5',
      shell: '/bin/sh',
      shells: ['/bin/sh', '/bin/busybox'],
      packageManager: 'apk',
      packageCount: 2,
      init: 'busybox',
      commands: 'busybox',
    });
    assert.ok(signs.includes('/lib/ld-musl-x86_64.so.1 is musl 1.2.5'), signs.join('\n'));
    assert.equal(name, 'Alpine Linux v3.20');
  });

  it('finds none in a tree with a static program alone', async () => {
    const facts = await askAbout({ '/app': program(), '/etc/passwd': 'root:x:0:0::/:\n' });
    assert.deepEqual([facts.present, facts.distro, facts.libc, facts.shell], [false, undefined, undefined, undefined]);
    assert.deepEqual(facts.signs, []);
  });

  it('takes packages without shell and package manager for distroless, whatever os-release says', async () => {
    const facts = await askAbout({
      '/usr/lib/os-release': 'PRETTY_NAME="Distroless"\nID="debian"\nVERSION_ID="12"\n',
      '/var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12\nArchitecture: amd64\n',
      '/lib/x86_64-linux-gnu/libc.so.6': program(glibc),
    });
    assert.deepEqual([facts.present, facts.distro, facts.name], [false, 'debian 12', 'Distroless']);
    assert.deepEqual([facts.libc, facts.packageCount], ['glibc 2.36', 1]);
    assert.match(facts.signs.join('\n'), /distroless/);
  });

  it('knows busybox by its links, and by its hard links', async () => {
    const byLinks = await askAbout({
      '/bin/busybox': program(),
      '/bin/sh': link('busybox'),
      '/bin/ls': link('busybox'),
    });
    assert.deepEqual([byLinks.distro, byLinks.present, byLinks.shell], ['busybox', true, '/bin/sh']);
    const same = { ...program(), identity: 'one' };
    const byHardLinks = await askAbout({ '/bin/busybox': same, '/bin/sh': same, '/bin/ls': same });
    assert.deepEqual([byHardLinks.distro, byHardLinks.commands], ['busybox', 'busybox']);
    const alone = await askAbout({ '/bin/busybox': program() });
    assert.deepEqual([alone.shell, alone.present], ['/bin/busybox', true]);
  });

  it('finds no operating system where its shell and package manager would not run, and says why', async () => {
    const { '/usr/lib64/ld-linux-x86-64.so.2': _, ...withoutLoader } = debian;
    const facts = await askAbout(withoutLoader);
    assert.deepEqual([facts.present, facts.shell, facts.packageManager], [false, undefined, undefined]);
    assert.deepEqual([facts.distro, facts.libc], ['debian 12', 'glibc 2.36']);
    assert.match(facts.signs.join('\n'), /\/bin\/sh would not run: .*ld-linux-x86-64/);
    assert.equal((await askAbout(debian, 'arm64')).present, false);
    assert.equal((await askAbout({ '/bin/sh': elf() })).present, false);
  });

  it('takes a package manager that is a script for present when its interpreter runs', async () => {
    const yum = { content: '#!/usr/bin/nothing\n', mode: 0o755 };
    assert.equal((await askAbout({ '/usr/bin/yum': yum })).packageManager, undefined);
    assert.equal((await askAbout({ '/usr/bin/yum': yum, '/usr/bin/nothing': program() })).packageManager, 'yum');
  });

  it('does not try again what the start of the own command has come past', async () => {
    const tree = literalTree(debian);
    const config = { ...emptyProcessConfig, entrypoint: ['/bin/bash', '-c', 'ls'] };
    const verdict = await startOf(tree, config, { platform });
    assert.equal(verdict.starts, 'yes', verdict.says);
    const foreign = { ...platform, architecture: 'arm64' };
    assert.deepEqual((await osOf(tree, { platform: foreign, verdict })).shells, ['/bin/sh', '/bin/bash']);
    const stopped = { ...verdict, starts: 'no', chain: verdict.chain.slice(0, 1) } as const;
    assert.deepEqual((await osOf(tree, { platform: foreign, verdict: stopped })).shells, []);
  });

  it('takes no applet of busybox for a package manager', async () => {
    const byLink = await askAbout({ '/bin/busybox': program(), '/usr/bin/dpkg': link('/bin/busybox') });
    assert.deepEqual([byLink.packageManager, byLink.present], [undefined, true]);
    const same = { ...program(), identity: 'one' };
    const byHardLink = await askAbout({ '/bin/busybox': same, '/bin/rpm': same });
    assert.equal(byHardLink.packageManager, undefined);
    assert.doesNotMatch(byHardLink.signs.join('\n'), /rpm/);
  });

  it('names the first shell that runs, also one that only /etc/shells knows', async () => {
    const broken = { '/bin/sh': link('gone'), '/bin/bash': elf({ architecture: 'arm64' }) };
    const facts = await askAbout({
      ...broken,
      '/etc/shells': '# list\n/opt/xsh\n/sbin/nologin\n',
      '/opt/xsh': program(),
    });
    assert.deepEqual([facts.shell, facts.shells], ['/opt/xsh', ['/opt/xsh']]);
  });
});

describe('the distribution', () => {
  const distroOf = async (files: Files) => (await askAbout(files)).distro;

  it('is what os-release says, in any quoting, and in /usr/lib where /etc has none', async () => {
    assert.equal(await distroOf({ '/etc/os-release': "ID='fedora'\r\nVERSION_ID=40\r\n" }), 'fedora 40');
    assert.equal(await distroOf({ '/usr/lib/os-release': '# x\nID=wolfi\nVERSION_ID="20230201"\n' }), 'wolfi 20230201');
    assert.equal(await distroOf({ '/etc/os-release': 'ID=arch\nBUILD_ID=rolling\n' }), 'arch');
    assert.equal(await distroOf({ '/etc/os-release': 'ID="a\\"b"\nVERSION_ID=\n' }), 'a-b');
    assert.equal(await distroOf({ '/etc/os-release': link('../usr/lib/os-release') }), undefined);
  });

  it('is Debian with the name of what is not released yet', async () => {
    const files = { '/etc/os-release': 'ID=debian\nVERSION_CODENAME=sid\n', '/etc/debian_version': 'trixie/sid\n' };
    assert.equal(await distroOf(files), 'debian trixie/sid');
  });

  for (const [path, text, expected] of [
    ['/etc/alpine-release', '3.2.3\n', 'alpine 3.2.3'],
    ['/etc/redhat-release', 'CentOS release 6.10 (Final)\n', 'centos 6.10'],
    ['/etc/redhat-release', 'Red Hat Enterprise Linux Server release 6.10 (Santiago)\n', 'rhel 6.10'],
    ['/etc/lsb-release', 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=10.04\n', 'ubuntu 10.04'],
    ['/etc/debian_version', '6.0.10\n', 'debian 6.0.10'],
    ['/etc/SuSE-release', 'SUSE Linux Enterprise Server 11 (x86_64)\n', 'sles 11'],
    ['/nix/store/x', '', 'nixos'],
  ] as const) {
    it(`is ${expected} by ${path} where there is no os-release`, async () => {
      assert.equal(await distroOf({ [path]: text }), expected);
    });
  }

  it('loses what would play with a terminal', async () => {
    const facts = await askAbout({
      '/etc/os-release': `ID=x\nVERSION_ID="1\u001b[2J"\nPRETTY_NAME="${'y'.repeat(999)}"\n`,
    });
    assert.equal(facts.distro, 'x 1 [2J');
    assert.equal(facts.name?.length, 200);
  });
});

describe('the libc', () => {
  const libcOf = async (files: Files, architecture?: string) => (await askAbout(files, architecture)).libc;

  it('is the one of the machine, where there are several', async () => {
    const arm = elf({ architecture: 'arm64', soname: 'libc.so.6', strings: [glibcText.replaceAll('2.36', '2.31')] });
    const files = { '/lib/aarch64-linux-gnu/libc.so.6': arm, '/lib/x86_64-linux-gnu/libc.so.6': glibc };
    assert.equal(await libcOf(files), 'glibc 2.36');
    assert.equal(await libcOf(files, 'arm64'), 'glibc 2.31');
    assert.equal(await libcOf({ '/lib/aarch64-linux-gnu/libc.so.6': arm }), 'glibc 2.31');
  });

  it('is of several the one that the shell is run with', async () => {
    assert.equal(await libcOf({ ...alpine, '/lib/x86_64-linux-gnu/libc.so.6': glibc }), 'musl 1.2.5');
    assert.equal(await libcOf({ ...debian, '/usr/lib/ld-musl-x86_64.so.1': musl }), 'glibc 2.36');
  });

  it('is uClibc by the name of its file', async () => {
    const files = {
      '/lib/libuClibc-1.0.45.so': elf({ soname: 'libc.so.1' }),
      '/lib/libc.so.1': link('libuClibc-1.0.45.so'),
    };
    assert.equal(await libcOf(files), 'uclibc 1.0.45');
  });

  it('has no version where its file does not tell one', async () => {
    assert.equal(await libcOf({ '/lib64/libc.so.6': elf({ soname: 'libc.so.6' }) }), 'glibc');
    assert.equal(await libcOf({ '/lib64/libc.so.6': 'text' }), undefined);
    assert.equal(await libcOf({ '/lib/ld-musl-x86_64.so.1': elf({ strings: ['musl libc (x86_64)\n'] }) }), 'musl');
  });
});

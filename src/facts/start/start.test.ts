import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import type { ProcessConfig } from '../../formats/oci/index.ts';
import { type LiteralNode, literalTree } from '../../rootfs/index.ts';
import { type Cause, startOf } from './index.ts';

type Files = Readonly<Record<string, string | Uint8Array | LiteralNode>>;

const platform = { os: 'linux', architecture: 'amd64' };
const glibcLoader = '/lib64/ld-linux-x86-64.so.2';
const muslLoader = '/lib/ld-musl-x86_64.so.1';

const program = (parts: ElfParts = {}): LiteralNode => ({ content: elf(parts), mode: 0o755 });
const script = (content: string): LiteralNode => ({ content, mode: 0o755 });
const dynamic = (parts: ElfParts = {}): LiteralNode =>
  program({ interpreter: glibcLoader, needs: ['libc.so.6'], ...parts });
const library = (soname: string, parts: ElfParts = {}): Uint8Array => elf({ soname, ...parts });

/** A glibc system in which `/app` starts. */
const glibc: Files = {
  [glibcLoader]: program({ soname: 'ld-linux-x86-64.so.2' }),
  '/usr/lib/x86_64-linux-gnu/libc.so.6': library('libc.so.6', {
    versionsDefined: ['GLIBC_2.34'],
    symbols: [{ name: 'puts', version: 'GLIBC_2.34' }],
  }),
  '/bin/sh': dynamic(),
  '/usr/bin/env': dynamic(),
  '/app': dynamic(),
};

const start = (files: Files, config: Partial<ProcessConfig> = {}) =>
  startOf(
    literalTree(files),
    { entrypoint: ['/app'], env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [], ...config },
    { platform },
  );

interface Stopped {
  readonly files?: Files;
  readonly config?: Partial<ProcessConfig>;
  readonly missing?: readonly string[];
  readonly subject?: string;
}

/** One line of the table: the cause, a case for its name, and the image that has it. */
function stops(cause: Cause, why: string, { files = {}, config = {}, missing, subject }: Stopped): void {
  it(`says ${cause} when ${why}`, async () => {
    const verdict = await start({ ...glibc, ...files }, config);
    assert.equal(verdict.starts, 'no');
    assert.equal(verdict.cause, cause, verdict.says);
    if (missing !== undefined) assert.deepEqual(verdict.missing, missing);
    if (subject !== undefined) assert.equal(verdict.subject, subject);
  });
}

function starts(why: string, { files = {}, config = {} }: Stopped): void {
  it(`starts ${why}`, async () => {
    const verdict = await start({ ...glibc, ...files }, config);
    assert.equal(verdict.cause, null, verdict.says);
    assert.equal(verdict.starts, 'yes');
  });
}

describe('startOf, before the engine makes a started,', () => {
  stops('no-command', 'there is neither entrypoint nor command', { config: { entrypoint: [''], cmd: [] } });
  stops('workdir-invalid', 'the working directory is relative', { config: { workingDir: 'srv' } });
  stops('workdir-not-directory', 'the working directory is a file', { config: { workingDir: '/app' } });
  stops('user-not-found', 'a name is in no passwd', { config: { user: 'app' }, missing: ['app'] });
  stops('user-not-found', 'root is in no passwd', { config: { user: 'root' } });
  stops('group-not-found', 'a group is in no group file', { config: { user: '5:app' }, missing: ['app'] });
  stops('user-invalid', 'a number is too large', { config: { user: '2147483648' } });
  stops('mountpoint-conflict', '/etc/hosts is a directory', { files: { '/etc/hosts/': {} } });
  starts('in a working directory that is made for it', { config: { workingDir: '/srv/made' } });
  starts('with Cmd when the entrypoint is one empty word', { config: { entrypoint: [''], cmd: ['/app'] } });

  it('says os-mismatch for an image of another system', async () => {
    const config = { entrypoint: ['/app'], env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] };
    const verdict = await startOf(literalTree(glibc), config, { platform: { os: 'windows', architecture: 'amd64' } });
    assert.equal(verdict.cause, 'os-mismatch');
  });
});

describe('startOf, looking for the command,', () => {
  const dangling = { linkTarget: '/gone' };
  stops('entrypoint-missing', 'the path is not there', { config: { entrypoint: ['/gone'] }, missing: ['/gone'] });
  stops('entrypoint-missing', 'the path runs through a file', { config: { entrypoint: ['/app/x'] } });
  stops('entrypoint-missing', 'the whole line is one word', { config: { entrypoint: ['/app --flag'] } });
  stops('entrypoint-not-in-path', 'no directory has the name', { config: { entrypoint: ['app'] }, missing: ['app'] });
  stops('entrypoint-not-in-path', 'only a relative element of PATH has it', {
    config: { entrypoint: ['app'], env: ['PATH=.'] },
  });
  stops('entrypoint-not-in-path', 'PATH is empty', { config: { entrypoint: ['sh'], env: ['PATH='] } });
  stops('entrypoint-dangling-symlink', 'it is a link to nothing', { files: { '/app': dangling }, missing: ['/gone'] });
  stops('entrypoint-symlink-loop', 'its links go round', {
    files: { '/app': { linkTarget: '/app2' }, '/app2': { linkTarget: '/app' } },
  });
  stops('entrypoint-not-regular', 'it is a directory', { files: { '/dir/': {} }, config: { entrypoint: ['/dir'] } });
  stops('entrypoint-not-regular', 'it is a fifo', { files: { '/app': { kind: 'fifo', mode: 0o777 } } });
  stops('entrypoint-not-executable', 'nobody may execute it', { files: { '/app': elf() } });
  stops('entrypoint-not-executable', 'PATH has only one that nobody may execute', {
    files: { '/bin/x': elf() },
    config: { entrypoint: ['x'] },
  });
  stops('entrypoint-permission', 'only its owner may', {
    files: { '/app': { ...dynamic(), mode: 0o700 } },
    config: { user: '7' },
  });
  stops('entrypoint-permission', 'its directory is closed', {
    files: { '/d/': { mode: 0o700 }, '/d/app': dynamic() },
    config: { entrypoint: ['/d/app'], user: '7' },
    missing: ['/d'],
  });
  stops('shell-missing', 'a shell form meets no shell', { config: { entrypoint: ['/bin/bash', '-c', 'app'] } });
  starts('the first executable of PATH, past directories and what is not executable', {
    files: {
      '/usr/local/sbin/app/': {},
      '/usr/local/bin/app': elf(),
      '/usr/sbin/app': { linkTarget: '/gone' },
      '/usr/bin/app': dynamic(),
    },
    config: { entrypoint: ['app'] },
  });
  starts('a relative path from the working directory', {
    files: { '/srv/app': dynamic() },
    config: { entrypoint: ['./app'], workingDir: '/srv' },
  });
  starts('what group 0 may execute, for a number without an entry', {
    files: { '/app': { ...dynamic(), mode: 0o750 } },
    config: { user: '7' },
  });
});

describe('startOf, in the kernel,', () => {
  stops('empty-file', 'there is nothing in it', { files: { '/app': script('') } });
  stops('no-shebang', 'it is text', { files: { '/app': script('echo\n') } });
  stops('no-shebang', 'a byte order mark stands first', { files: { '/app': script('\ufeff#!/bin/sh\n') } });
  stops('foreign-format', 'it is a Windows program', { files: { '/app': script('MZ\0\0') } });
  stops('foreign-format', 'it is for FreeBSD', {
    files: { '/app': program({ osAbi: 9, notes: [{ owner: 'FreeBSD', type: 1, content: Buffer.alloc(4) }] }) },
  });
  starts('a program of Linux with the OS ABI of FreeBSD', { files: { '/app': program({ osAbi: 9 }) } });
  stops('wrong-architecture', 'it is for another machine', { files: { '/app': program({ architecture: 'arm64' }) } });
  stops('elf-corrupt', 'it is cut short', {
    files: { '/app': { content: elf({ sectionHeaders: false }).subarray(0, 4100), mode: 0o755 } },
  });
  stops('elf-corrupt', 'its headers are cut', { files: { '/app': { content: elf().subarray(0, 70), mode: 0o755 } } });
  stops('elf-not-a-program', 'it is a library', { files: { '/app': program({ soname: 'libapp.so' }) } });
  stops('elf-not-a-program', 'it is an object file', { files: { '/app': program({ type: 'relocatable' }) } });
  starts('a static program', { files: { '/app': program() } });
  starts('a loader', { config: { entrypoint: [glibcLoader, '/app'] } });

  it('knows 32-bit programs of the same kernel', async () => {
    const verdict = await start({ '/app': program({ architecture: '386' }) });
    assert.equal(verdict.starts, 'yes');
  });
});

describe('startOf, with scripts,', () => {
  const long = `#!/${'x'.repeat(300)}\n`;
  const nested = Object.fromEntries([0, 1, 2, 3, 4].map((at) => [`/s${at}`, script(`#!/s${at + 1}\n`)]));
  stops('interpreter-missing', 'its interpreter is not there', {
    files: { '/app': script('#!/bin/zsh\n') },
    missing: ['/bin/zsh'],
    subject: '/app',
  });
  stops('interpreter-crlf', 'the line ends with a carriage return', {
    files: { '/app': script('#!/bin/sh\r\necho\r\n') },
  });
  stops('interpreter-crlf', 'the argument ends with one', { files: { '/app': script('#!/bin/sh -e\r\n') } });
  stops('interpreter-not-executable', 'nobody may execute it', {
    files: { '/app': script('#!/bin/x\n'), '/bin/x': 'x' },
  });
  stops('interpreter-not-executable', 'it is a directory', { files: { '/app': script('#!/usr\n') } });
  stops('interpreter-loop', 'a script names itself', { files: { '/app': script('#!/app\n') } });
  stops('interpreter-loop', 'six scripts follow one another', {
    files: { ...nested, '/s5': script('#!/bin/sh\n') },
    config: { entrypoint: ['/s0'] },
  });
  starts('five scripts in a row', {
    files: { ...nested, '/s4': script('#!/bin/sh\n') },
    config: { entrypoint: ['/s0'] },
  });
  stops('shebang-invalid', 'the name does not end', { files: { '/app': script(long) } });
  stops('shebang-invalid', 'there is no name', { files: { '/app': script('#!\n') } });
  stops('shebang-args', 'a shell gets two options as one', { files: { '/app': script('#!/bin/sh -e -u\n') } });
  stops('shebang-args', 'env gets an option and a name as one', {
    files: { '/app': script('#!/usr/bin/env -i sh\n') },
  });
  stops('script-unreadable', 'its interpreter may not read it', {
    files: { '/app': { ...script('#!/bin/sh\n'), mode: 0o711 } },
    config: { user: '7:7' },
    missing: ['/app'],
  });
  stops('env-program-missing', 'env finds no such program', {
    files: { '/app': script('#!/usr/bin/env python3\n') },
    missing: ['python3'],
  });
  stops('lib-missing', 'the interpreter lacks a library', {
    files: { '/app': script('#!/bin/x\n'), '/bin/x': dynamic({ needs: ['libx.so'] }) },
    missing: ['libx.so'],
    subject: '/bin/x',
  });
  stops('shebang-args', 'BusyBox is env and -S is asked for', {
    files: {
      '/app': script('#!/usr/bin/env -S sh -e\n'),
      '/usr/bin/env': { linkTarget: '/bin/busybox' },
      '/bin/busybox': program(),
    },
  });
  starts('through env', { files: { '/app': script('#!/usr/bin/env sh\n') } });
  starts('through env -S', { files: { '/app': script('#!/usr/bin/env -S A=1 sh -e -u\n') } });

  it('lists every file that is executed', async () => {
    const verdict = await start({ ...glibc, '/app': script('#!/usr/bin/env sh\n') });
    assert.deepEqual(
      verdict.chain.map(({ path, kind, interpreter }) => `${path} ${kind} ${interpreter}`),
      ['/app script /usr/bin/env', `/usr/bin/env elf ${glibcLoader}`, `/bin/sh elf ${glibcLoader}`],
    );
  });
});

describe('startOf, with loaders,', () => {
  const without: Files = { '/app': dynamic() };
  const cause = async (files: Files, config: Partial<ProcessConfig> = {}) => (await start(files, config)).cause;
  const musl = { [muslLoader]: program({ soname: 'libc.musl-x86_64.so.1' }) };

  it('tells a loader that is nowhere from one elsewhere and from another libc', async () => {
    assert.equal(await cause(without), 'loader-missing');
    assert.equal(
      await cause({ ...without, '/usr/lib/ld-linux-x86-64.so.2': program({ soname: 'ld-linux-x86-64.so.2' }) }),
      'loader-elsewhere',
    );
    const ld = program({ soname: 'ld-linux-x86-64.so.2' });
    const inTree = { '/root/tree/usr/lib/ld-linux-x86-64.so.2': ld, '/usr/lib/ld-linux-x86-64.so.2': ld };
    assert.match((await start({ ...without, ...inTree })).says, /but \/usr\/lib\/ld-linux/);
    assert.equal(await cause({ ...without, ...musl }), 'libc-mismatch');
    assert.equal(await cause({ ...glibc, '/app': dynamic({ interpreter: muslLoader }) }), 'libc-mismatch');
    assert.equal(
      await cause({ ...without, '/opt/ld-linux-x86-64.so.2': program({ architecture: 'arm64' }) }),
      'loader-missing',
    );
  });

  const loader = (node: string | Uint8Array | LiteralNode): Stopped => ({ files: { [glibcLoader]: node } });
  stops('loader-not-executable', 'nobody may execute it', loader(elf()));
  stops('loader-invalid', 'it is text', loader(script('#!/bin/sh\n')));
  stops('loader-invalid', 'it is a directory', { files: { [glibcLoader]: { kind: 'directory', mode: 0o755 } } });
  stops('loader-invalid', 'it is for another machine', loader(program({ architecture: 'arm64' })));
  stops('loader-invalid', 'it is empty', loader(script('')));

  const libc = (content: Uint8Array | LiteralNode): Files => ({ '/usr/lib/x86_64-linux-gnu/libc.so.6': content });
  stops('lib-missing', 'a library is nowhere', {
    files: { '/app': dynamic({ needs: ['libx.so.1'] }) },
    missing: ['libx.so.1'],
    subject: '/app',
  });
  stops('lib-permission', 'the user may not read it', {
    files: libc({ content: library('libc.so.6'), mode: 0o600 }),
    config: { user: '7' },
  });
  stops('lib-invalid', 'it is text', { files: libc(Buffer.from('GROUP ( libc.so.6 )')) });
  stops('lib-wrong-arch', 'it is for another machine', {
    files: libc(library('libc.so.6', { architecture: 'arm64' })),
  });
  stops('lib-invalid', 'it is cut short', {
    files: libc(library('libc.so.6', { sectionHeaders: false }).subarray(0, -8)),
  });
  stops('version-missing', 'a version is not given', {
    files: { '/app': dynamic({ versionsNeeded: [{ file: 'libc.so.6', versions: ['GLIBC_2.38'] }] }) },
    missing: ['GLIBC_2.38'],
  });
  starts('without a version that is only asked for weakly', {
    files: { '/app': dynamic({ versionsNeeded: [{ file: 'libc.so.6', versions: ['GLIBC_2.38?'] }] }) },
  });
  stops('libc-loader-skew', 'libc is of another release than the loader', {
    files: {
      [glibcLoader]: program({ soname: 'ld-linux-x86-64.so.2', strings: ['ld.so stable release version 2.36.'] }),
      ...libc(library('libc.so.6', { strings: ['GNU C Library stable release version 2.41.'] })),
    },
  });
  starts('with a library that only LD_LIBRARY_PATH leads to', {
    files: { '/app': dynamic({ needs: ['libx.so.1'] }), '/opt/libx.so.1': library('libx.so.1') },
    config: { env: ['LD_LIBRARY_PATH=/opt'] },
  });
  stops('lib-missing', 'secure mode drops LD_LIBRARY_PATH', {
    files: { '/app': { ...dynamic({ needs: ['libx.so.1'] }), mode: 0o4755 }, '/opt/libx.so.1': library('libx.so.1') },
    config: { env: ['LD_LIBRARY_PATH=/opt'], user: '7' },
  });
});

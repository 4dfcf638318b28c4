import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../../tests/make/elf.ts';
import { executable, glibcProgram, staticProgram } from '../../../../tests/make/scene.ts';
import { foreignProgram, script, startIn, starts, stops } from '../../../../tests/make/start.ts';

/** Each was run by docker in a Debian system, too. */
describe('startOf, with launchers,', () => {
  starts(['tini', '-s', '-e', '143', '--', '/app'], { last: '/app' });
  starts(['nice', '-n', '5', 'timeout', '-k', '1', '10', 'tool'], { last: '/usr/local/bin/tool' });
  starts(['tini', '/plain'], { files: { '/plain': script('exec /app') }, last: '/app' });
  starts(['setpriv', '--reuid=web', '--clear-groups', '/app'], { last: '/app' });
  starts(['gosu', 'web', '/app'], { last: '/app' });
  starts(['gosu', '1000:5', '/app'], { last: '/app' });
  starts(['nice'], {});
  stops('program-missing', ['tini', '--', 'nope'], { missing: ['nope'], subject: '/usr/bin/tini' });
  stops('program-missing', ['tini']);
  stops('program-missing', ['timeout', '10', '/link'], { files: { '/link': { linkTarget: '/gone' } } });
  stops('program-missing', ['gosu', 'web', 'nope']);
  stops('program-missing', ['gosu', 'web']);
  starts(['gosu', '--version']);
  stops('user-not-found', ['gosu', 'nobody', '/app'], { missing: ['nobody'], subject: '/etc/passwd' });
  stops('group-not-found', ['gosu', 'web:none', '/app'], { missing: ['none'] });
  stops('entrypoint-permission', ['gosu', 'web', '/own'], { files: { '/own': { ...glibcProgram(), mode: 0o700 } } });
  stops('entrypoint-not-executable', ['tini', '/data'], { files: { '/data': 'text' } });
  stops('entrypoint-not-regular', ['tini', '/srv']);
  stops('no-shebang', ['gosu', 'web', '/plain'], { files: { '/plain': script('exec /app') } });
  stops('no-shebang', ['tini', '/plain'], {
    files: { '/plain': script('exec /app'), '/usr/bin/sh': { linkTarget: 'gone' } },
  });
  stops('interpreter-missing', ['tini', '/run'], { files: { '/run': script('#!/bin/zsh\n') } });
  stops('lib-missing', ['tini', '/other'], { files: { '/other': glibcProgram({ needs: ['libx.so'] }) } });
  stops('wrong-architecture', ['tini', '/other'], { files: { '/other': foreignProgram } });
  stops('lib-missing', ['tini', '/app'], {
    files: { '/usr/bin/tini': glibcProgram({ needs: ['libx.so'] }) },
    subject: '/usr/bin/tini',
  });
});

describe('startOf, with launchers that change the user,', () => {
  it('does not know what becomes of them without root', async () => {
    const verdict = await startIn(['gosu', 'web', '/app'], { config: { user: 'web' } });
    assert.deepEqual([verdict.starts, verdict.undecided.length], ['unknown', 1]);
  });
});

describe('startOf, with env,', () => {
  const byEnv = (line: string) => ({ files: { '/run': script(`#!/usr/bin/env ${line}\n`) } });
  starts(['env', '-u', 'A', '--', 'B=1', '/app'], { last: '/app' });
  starts(['env', '-C', '/usr/local/bin', './tool'], { last: '/usr/local/bin/tool' });
  starts(['env', '-i', 'PATH=/usr/local/bin', 'tool'], { last: '/usr/local/bin/tool' });
  starts(['env']);
  starts(['/run'], { ...byEnv('-S sh -e -u'), last: '/usr/bin/dash' });
  starts(['/run'], { ...byEnv('-S sh -e\r'), last: '/usr/bin/dash' });
  stops('program-missing', ['env', 'A=1', 'nope'], { missing: ['nope'] });
  stops('program-missing', ['env', '-i', 'tool']);
  stops('env-program-missing', ['/run'], { ...byEnv('python9'), missing: ['python9'], subject: '/run' });
  stops('env-program-missing', ['/run'], {
    files: { '/run': script('#!/usr/bin/env data\n'), '/usr/bin/data': 'text' },
    missing: ['data'],
  });
  stops('shebang-args', ['/run'], byEnv('python3 -u'));
  stops('shebang-args', ['/run'], byEnv('-i sh'));
  for (const line of ['/bin/bash --strict', '/bin/sh -Z', '/bin/sh -e -u', '/usr/bin/perl -Z', '/usr/bin/ruby -Z']) {
    stops('shebang-args', ['/run'], { files: { '/run': script(`#!${line}\n`) }, subject: '/run' });
  }
  starts(['/run'], { files: { '/run': script('#!/bin/bash --posix\n') } });
  stops('interpreter-crlf', ['/run'], byEnv('sh\r'));
});

describe("startOf, with a loader's name for a command,", () => {
  const loader = '/lib64/ld-linux-x86-64.so.2';
  starts([loader, '--library-path', '/srv', '/data'], {
    files: { '/data': { ...glibcProgram(), mode: 0o644 } },
    last: '/data',
  });
  starts(['/lib/ld-musl-x86_64.so.1', '/static'], {
    files: {
      '/static': staticProgram(),
      '/usr/lib/x86_64-linux-musl/libc.so': executable(elf({ type: 'shared', soname: '', dynamicFlags: 0 })),
      '/lib/ld-musl-x86_64.so.1': { linkTarget: '/usr/lib/x86_64-linux-musl/libc.so' },
    },
  });
  stops('program-missing', [loader, '/nope'], { missing: ['/nope'] });
  stops('lib-missing', [loader, '/other'], { files: { '/other': glibcProgram({ needs: ['libx.so'] }) } });
  stops('foreign-format', [loader, '/run'], { files: { '/run': script('#!/bin/sh\n') } });
});

describe('startOf, with what the kernel refuses,', () => {
  const capability = (permitted: number): Map<string, Uint8Array> => {
    const value = Buffer.alloc(20);
    value.writeUInt32LE(0x0200_0001, 0);
    value.writeUInt32LE(permitted, 4);
    return new Map([['security.capability', value]]);
  };
  const withCapability = (permitted: number) => ({ '/app': { ...glibcProgram(), xattrs: capability(permitted) } });
  stops('entrypoint-permission', ['/app'], { files: withCapability(1 << 21), missing: ['/app'] });
  starts(['/app'], { files: withCapability(1 << 10) });

  it('says arguments-too-long of a variable of more than 128 KiB', async () => {
    const length = 131_072;
    const withEnv = (size: number) => startIn(['/app'], { config: { env: [`X=${'a'.repeat(size - 3)}`] } });
    assert.equal((await withEnv(length)).cause, null);
    assert.equal((await withEnv(length + 1)).cause, 'arguments-too-long');
  });

  it('says arguments-too-long of arguments of more than 2 MiB', async () => {
    const verdict = await startIn(['/app', ...Array.from({ length: 25 }, () => 'a'.repeat(100_000))]);
    assert.equal(verdict.cause, 'arguments-too-long');
  });
});

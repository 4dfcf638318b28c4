import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pythonLibrary } from '../../../../../tests/make/runtimes.ts';
import { executable, glibcFiles, glibcProgram, judgedBy, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { staticTls } from './static-tls.ts';

const filesWith = (tlsBytes: number, flags: number) => ({
  ...glibcFiles(),
  ...pythonLibrary('3.13'),
  '/usr/bin/python3.13': glibcProgram(),
  '/app': executable('#!/usr/bin/python3.13\nimport foo\n'),
  '/usr/lib/python3/dist-packages/foo/_foo.abi3.so': sharedLibrary('_foo.so', { tlsBytes, dynamicFlags: flags }),
});
const staticTlsFlag = 0x10;

describe('static-tls', () => {
  it('speaks of modules that want more than is kept free', async () => {
    const [found] = await judgedBy(staticTls, { files: filesWith(4096, staticTlsFlag) });
    assert.match(found?.says ?? '', /^modules want 4096 bytes/);
  });

  it('is silent about what has room, and about memory that need not be static', async () => {
    assert.deepEqual(await judgedBy(staticTls, { files: filesWith(512, staticTlsFlag) }), []);
    assert.deepEqual(await judgedBy(staticTls, { files: filesWith(4096, 0) }), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../../../tests/make/elf.ts';
import { executable, glibcFiles, glibcProgram, judgedBy, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { hwcapsCopy } from './hwcaps-copy.ts';

const files = {
  ...glibcFiles(),
  '/lib64/ld-linux-x86-64.so.2': executable(
    elf({ soname: 'ld-linux-x86-64.so.2', strings: ['stable release version 2.36.'] }),
  ),
  '/app': glibcProgram({ needs: ['libx.so.1', 'libc.so.6'] }),
  '/usr/lib/x86_64-linux-gnu/libx.so.1': sharedLibrary('libx.so.1'),
};

describe('hwcaps-copy', () => {
  it('names the copy for better CPUs', async () => {
    const copy = '/usr/lib/x86_64-linux-gnu/glibc-hwcaps/x86-64-v4/libx.so.1';
    const found = await judgedBy(hwcapsCopy, { files: { ...files, [copy]: sharedLibrary('libx.so.1') } });
    assert.deepEqual(
      found.map(({ about }) => about),
      [{ paths: [copy] }],
    );
  });

  it('is silent without one', async () => {
    assert.deepEqual(await judgedBy(hwcapsCopy, { files }), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../../../tests/make/elf.ts';
import { pythonLibrary } from '../../../../../tests/make/runtimes.ts';
import { executable, glibcFiles, glibcProgram, judgedBy, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { execstack } from './execstack.ts';

const module = '/usr/lib/python3/dist-packages/foo/_foo.abi3.so';
const filesWith = (release: number, stack: 'executable' | 'plain') => ({
  ...glibcFiles(release),
  '/lib64/ld-linux-x86-64.so.2': executable(
    elf({ soname: 'ld-linux-x86-64.so.2', strings: [`stable release version 2.${release}.`] }),
  ),
  ...pythonLibrary('3.13'),
  '/usr/bin/python3.13': glibcProgram(),
  '/app': executable('#!/usr/bin/python3.13\nimport foo\n'),
  [module]: sharedLibrary('_foo.so', { stack }),
});

describe('execstack', () => {
  it('speaks of a module that wants an executable stack, where glibc is 2.41 or later', async () => {
    const [found] = await judgedBy(execstack, { files: filesWith(41, 'executable') });
    assert.equal(found?.says, `${module} asks for an executable stack, which glibc 2.41 refuses`);
  });

  it('is silent with an earlier glibc, and about a module that wants none', async () => {
    assert.deepEqual(await judgedBy(execstack, { files: filesWith(40, 'executable') }), []);
    assert.deepEqual(await judgedBy(execstack, { files: filesWith(41, 'plain') }), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, muslFiles, muslProgram } from '../../../../../tests/make/scene.ts';
import { glibcProgramOnMusl } from './glibc-program-on-musl.ts';

describe('glibc-program-on-musl', () => {
  it("speaks of a program with glibc's versions that musl loads", async () => {
    const versionsNeeded = [{ file: 'libc.so.6', versions: ['GLIBC_2.2.5'] }];
    const files = { ...muslFiles, '/app': muslProgram({ needs: ['libc.so.6'], versionsNeeded }) };
    const [found] = await judgedBy(glibcProgramOnMusl, { files });
    assert.match(found?.says ?? '', /it names GLIBC_2\.2\.5/);
  });

  it('is silent about a program that was built for musl', async () => {
    assert.deepEqual(await judgedBy(glibcProgramOnMusl, { files: { ...muslFiles, '/app': muslProgram() } }), []);
  });
});

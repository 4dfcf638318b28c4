import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcFiles, glibcProgram, judgedBy, type MadeFiles, staticProgram } from '../../../../../tests/make/scene.ts';
import { tmpMissing } from './tmp-missing.ts';

const many = Array.from({ length: 60 }, (_, at) => `function_${at}`);
const large = { ...glibcFiles(), '/app': glibcProgram({ imports: [...many, 'mkstemp'] }) };
const judge = (files: MadeFiles, config = {}) => judgedBy(tmpMissing, { files, config });

describe('tmp-missing', () => {
  it('notes a program that can make temporary files without a directory for them', async () => {
    assert.match((await judge(large))[0]?.says ?? '', /the image has no \/tmp/);
    const closed = { ...large, '/tmp/': {} };
    assert.match((await judge(closed, { user: '1000' }))[0]?.says ?? '', /may not write in \/tmp/);
  });

  it('is silent where there is one', async () => {
    assert.deepEqual(await judge({ ...large, '/tmp/': { mode: 0o1777 } }, { user: '1000' }), []);
    assert.deepEqual(await judge({ ...large, '/scratch/': {} }, { env: ['TMPDIR=/scratch'] }), []);
  });

  it('leaves small programs to late-file-missing, and others that make none alone', async () => {
    assert.deepEqual(await judge({ ...glibcFiles(), '/app': glibcProgram({ imports: ['mkstemp'] }) }), []);
    assert.deepEqual(await judge({ '/app': staticProgram() }), []);
  });
});

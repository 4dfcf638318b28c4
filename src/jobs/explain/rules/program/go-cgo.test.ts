import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcFiles, glibcProgram, judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { goCgo } from './go-cgo.ts';

const go = { settings: new Map([['CGO_ENABLED', '1']]) };

describe('go-cgo', () => {
  it('speaks of a dynamic Go program that was built with cgo', async () => {
    const [found] = await judgedBy(goCgo, { files: { ...glibcFiles(), '/app': glibcProgram() }, go });
    assert.equal(found?.severity, 'notes');
    assert.match(found?.says ?? '', /needs \/lib64\/ld-linux-x86-64\.so\.2/);
  });

  it('is silent about a static one, and about programs that are not of Go', async () => {
    assert.deepEqual(await judgedBy(goCgo, { files: { '/app': staticProgram() }, go }), []);
    assert.deepEqual(await judgedBy(goCgo, { files: { ...glibcFiles(), '/app': glibcProgram() } }), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcFiles, glibcProgram, judgedBy } from '../../../../../tests/make/scene.ts';
import { libraryPathDropped } from './library-path-dropped.ts';

const variables = ['LD_LIBRARY_PATH=/opt/lib'];

describe('library-path-dropped', () => {
  it('speaks of a set-uid program that another user starts', async () => {
    const files = { ...glibcFiles(), '/app': { ...glibcProgram(), mode: 0o4755 } };
    const [found] = await judgedBy(libraryPathDropped, { files, config: { env: variables, user: '1000' } });
    assert.equal(found?.says, '/app is set-uid, so that the loader ignores LD_LIBRARY_PATH');
  });

  it('speaks of file capabilities, but not for root', async () => {
    const xattrs = new Map([['security.capability', Buffer.alloc(20)]]);
    const files = { ...glibcFiles(), '/app': { ...glibcProgram(), xattrs } };
    const [found] = await judgedBy(libraryPathDropped, { files, config: { env: variables, user: '1000' } });
    assert.match(found?.says ?? '', /has file capabilities/);
    assert.deepEqual(await judgedBy(libraryPathDropped, { files, config: { env: variables } }), []);
  });

  it('is silent without such variables, and about a program without privileges', async () => {
    const setUid = { ...glibcFiles(), '/app': { ...glibcProgram(), mode: 0o4755 } };
    assert.deepEqual(await judgedBy(libraryPathDropped, { files: setUid, config: { user: '1000' } }), []);
    const plain = { ...glibcFiles(), '/app': glibcProgram() };
    assert.deepEqual(
      await judgedBy(libraryPathDropped, { files: plain, config: { env: variables, user: '1000' } }),
      [],
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, type MadeFiles, staticProgram } from '../../../../../tests/make/scene.ts';
import { volumeNotWritable } from './volume-not-writable.ts';

const judge = (files: MadeFiles, user = '1000') =>
  judgedBy(volumeNotWritable, { files: { '/app': staticProgram(), ...files }, config: { user, volumes: ['/data'] } });

describe('volume-not-writable', () => {
  it('speaks of a volume of another user, or one that is not in the image', async () => {
    assert.match((await judge({ '/data/': {} }))[0]?.says ?? '', /\/data is of user 0/);
    assert.match((await judge({}))[0]?.says ?? '', /docker makes it root’s/);
  });

  it('is silent where user, group or all may write, and for root', async () => {
    assert.deepEqual(await judge({ '/data/': { uid: 1000 } }), []);
    assert.deepEqual(await judge({ '/data/': { mode: 0o775, gid: 0 } }), []);
    assert.deepEqual(await judge({ '/data/': { mode: 0o1777 } }), []);
    assert.deepEqual(await judge({}, '0'), []);
  });
});

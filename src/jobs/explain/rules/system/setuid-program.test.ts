import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, type MadeFiles, staticProgram } from '../../../../../tests/make/scene.ts';
import { setuidProgram } from './setuid-program.ts';

const judge = (user: string, files: MadeFiles) =>
  judgedBy(setuidProgram, { files: { '/app': staticProgram(), ...files }, config: { user } });
const su = { ...staticProgram(), mode: 0o4755 };

describe('setuid-program', () => {
  it('notes what makes root of another user', async () => {
    const [found, ...others] = await judge('1000', { '/bin/su': su, '/bin/mount': su });
    assert.deepEqual(found?.about?.['paths'], ['/bin/mount', '/bin/su']);
    assert.equal(found?.severity, 'notes');
    assert.equal(others.length, 0);
  });

  it('is silent for root, for files of others, and for what the user may not execute', async () => {
    assert.deepEqual(await judge('0', { '/bin/su': su }), []);
    assert.deepEqual(await judge('1000', { '/bin/su': { ...su, uid: 7 } }), []);
    assert.deepEqual(await judge('1000', { '/bin/su': { ...su, mode: 0o4750, gid: 5 } }), []);
    assert.deepEqual(await judge('1000', { '/bin/su': { ...su, mode: 0o2755 } }), []);
  });
});

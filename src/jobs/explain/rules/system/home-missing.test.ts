import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, type MadeFiles, staticProgram } from '../../../../../tests/make/scene.ts';
import { homeMissing } from './home-missing.ts';

const app = { '/app': staticProgram({ strings: ['HOME'] }) };
const judge = (files: MadeFiles, config: { user?: string; env?: string[] } = { user: '1000' }) =>
  judgedBy(homeMissing, { files: { ...app, ...files }, config });

describe('home-missing', () => {
  it('notes a home that is not there, or is the root', async () => {
    assert.match((await judge({}))[0]?.says ?? '', /HOME, which is \/, and the user 1000 may not write/);
    const [found] = await judge({ '/etc/passwd': 'web:x:33:33::/var/www:\n' }, { user: 'web' });
    assert.match(found?.says ?? '', /\/var\/www, and the image has no such directory/);
  });

  it('is silent for root, for a home of the user, and for a program that does not ask', async () => {
    assert.deepEqual(await judge({}, {}), []);
    assert.deepEqual(await judge({ '/home/app/': { uid: 1000 } }, { user: '1000', env: ['HOME=/home/app'] }), []);
    assert.deepEqual(await judge({ '/app': staticProgram({ strings: ['HOMERUN'] }) }), []);
  });
});

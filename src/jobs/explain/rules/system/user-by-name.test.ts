import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { userByName } from './user-by-name.ts';

const files = { '/app': staticProgram(), '/etc/passwd': 'root:x:0:0::/:\nweb:x:33:34::/:\n' };
const judge = (user: string) => judgedBy(userByName, { files, config: { user } });

describe('user-by-name', () => {
  it('notes a name and advises its numbers', async () => {
    const [found] = await judge('web');
    assert.equal(found?.severity, 'notes');
    assert.equal(found?.advice, 'USER 33:34');
  });

  it('is silent about numbers and about root', async () => {
    for (const user of ['33', '33:34', 'root', '']) assert.deepEqual(await judge(user), [], user);
  });
});

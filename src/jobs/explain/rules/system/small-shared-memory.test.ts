import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { smallSharedMemory } from './small-shared-memory.ts';

const judge = (path: string) =>
  judgedBy(smallSharedMemory, { files: { [path]: staticProgram() }, config: { entrypoint: [path] } });

describe('small-shared-memory', () => {
  it('notes databases and browsers that need more than docker gives', async () => {
    assert.equal((await judge('/usr/lib/postgresql/15/bin/postgres'))[0]?.severity, 'notes');
    assert.equal((await judge('/opt/google/chrome/chrome')).length, 1);
  });

  it('is silent about all others', async () => {
    assert.deepEqual(await judge('/usr/bin/postgres-exporter'), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { lowPortNonRoot } from './low-port-non-root.ts';

const judge = (exposedPorts: string[], user: string) =>
  judgedBy(lowPortNonRoot, { files: { '/app': staticProgram() }, config: { exposedPorts, user } });

describe('low-port-non-root', () => {
  it('notes low ports of a user that is not root', async () => {
    const [found] = await judge(['443/tcp', '80/tcp', '8080/tcp'], '1000');
    assert.equal(found?.severity, 'notes');
    assert.deepEqual(found?.about?.['ports'], ['443/tcp', '80/tcp']);
  });

  it('is silent about root and about high ports', async () => {
    assert.deepEqual(await judge(['80/tcp'], ''), []);
    assert.deepEqual(await judge(['80/tcp'], '0'), []);
    assert.deepEqual(await judge(['1024/tcp'], '1000'), []);
  });
});

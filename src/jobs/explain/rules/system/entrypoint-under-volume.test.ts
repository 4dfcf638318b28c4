import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { entrypointUnderVolume } from './entrypoint-under-volume.ts';

const judge = (volumes: string[]) =>
  judgedBy(entrypointUnderVolume, {
    files: { '/data/app': staticProgram() },
    config: { entrypoint: ['/data/app'], volumes },
  });

describe('entrypoint-under-volume', () => {
  it('notes a program below a volume', async () => {
    assert.equal((await judge(['/data']))[0]?.about?.['volume'], '/data');
    assert.equal((await judge(['/data/'])).length, 1);
  });

  it('is silent about volumes elsewhere', async () => {
    assert.deepEqual(await judge(['/dat', '/data/app2', '/var']), []);
  });
});

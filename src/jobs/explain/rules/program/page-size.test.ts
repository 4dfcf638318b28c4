import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { pageSize } from './page-size.ts';

const platform = { os: 'linux', architecture: 'arm64' };

describe('page-size', () => {
  it('speaks of a program whose segments are aligned to less than 64 KiB', async () => {
    const [found] = await judgedBy(pageSize, { files: { '/app': staticProgram({ architecture: 'arm64' }) }, platform });
    assert.equal(found?.says, '/app cannot be mapped by kernels with pages of more than 4 KiB');
  });

  it('is silent about machines whose pages have one size', async () => {
    assert.deepEqual(await judgedBy(pageSize, { files: { '/app': staticProgram() } }), []);
  });
});

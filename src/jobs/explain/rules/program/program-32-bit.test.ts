import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { program32Bit } from './program-32-bit.ts';

describe('program-32-bit', () => {
  it('speaks of an i386 program in an amd64 image', async () => {
    const [found] = await judgedBy(program32Bit, { files: { '/app': staticProgram({ architecture: '386' }) } });
    assert.match(found?.says ?? '', /^\/app is for i386/);
  });

  it("is silent about programs of the platform's own machine", async () => {
    assert.deepEqual(await judgedBy(program32Bit, { files: { '/app': staticProgram() } }), []);
    const platform = { os: 'linux', architecture: '386' };
    const files = { '/app': staticProgram({ architecture: '386' }) };
    assert.deepEqual(await judgedBy(program32Bit, { files, platform }), []);
  });
});

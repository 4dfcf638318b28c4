import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeScene } from '../../../../../tests/make/scene.ts';
import { lateModuleMissing } from './late-module-missing.ts';

describe('late-module-missing', () => {
  it('says what was seen at the start', async () => {
    const scene = await makeScene();
    const seen = { cause: 'late-module-missing', says: 'flask is missing', missing: ['flask'], subject: '/x' } as const;
    const other = { ...seen, cause: 'late-file-missing' } as const;
    const found = await lateModuleMissing.judge({ ...scene, verdict: { ...scene.verdict, late: [other, seen] } });
    assert.deepEqual(
      found.map(({ missing, severity }) => [missing, severity]),
      [[['flask'], 'degrades']],
    );
  });

  it('is silent about an image whose modules are all there', async () => {
    assert.deepEqual(await lateModuleMissing.judge(await makeScene()), []);
  });
});

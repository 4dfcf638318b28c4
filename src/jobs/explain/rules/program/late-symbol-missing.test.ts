import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeScene } from '../../../../../tests/make/scene.ts';
import { lateSymbolMissing } from './late-symbol-missing.ts';

describe('late-symbol-missing', () => {
  it('says what was seen at the start', async () => {
    const scene = await makeScene();
    const seen = { cause: 'late-symbol-missing', says: '/app calls bar', missing: ['bar'], subject: '/app' } as const;
    const found = await lateSymbolMissing.judge({ ...scene, verdict: { ...scene.verdict, late: [seen] } });
    assert.deepEqual(
      found.map(({ says, missing }) => [says, missing]),
      [['/app calls bar', ['bar']]],
    );
  });

  it('is silent about an image whose symbols are all there', async () => {
    assert.deepEqual(await lateSymbolMissing.judge(await makeScene()), []);
  });
});

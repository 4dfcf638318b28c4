import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { levelsOfThisCpu } from './measure/closure/cpu.ts';
import { reasonAgainst, tryRandomTrees } from './measure/closure/random.ts';

describe('a closure, beside what the real loader does in the same random tree,', async () => {
  for (const flavour of ['glibc', 'musl'] as const) {
    const reason = await reasonAgainst(flavour, '/');
    it(`is the same for ${flavour}`, { skip: reason ?? false }, async () => {
      const runs = await tryRandomTrees(flavour, { seed: 1, count: 40, cpu: levelsOfThisCpu(), loaderFrom: '/' });
      const alike = ['equal', 'refused by both'];
      assert.deepEqual(
        runs.filter(({ comparison }) => !alike.includes(comparison.likeness)),
        [],
      );
    });
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldReader } from './json.ts';

const reader = fieldReader('MANIFEST_MALFORMED', 'a manifest');

const saysOf = (value: unknown) => {
  try {
    reader.size(value, 'layers[0].size');
    return 'good';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('fieldReader', () => {
  it('says what stands in a field and what belongs there', () => {
    assert.equal(saysOf(1), 'good');
    for (const [value, words] of [
      [undefined, 'nothing'],
      [null, 'null'],
      [-1, '-1'],
      ['12', '"12"'],
      ['x'.repeat(1000), `"${'x'.repeat(60)}"`],
      [[1, 2], 'a list of 2'],
      [{ size: 1 }, 'an object'],
    ] as const) {
      assert.equal(saysOf(value), `a manifest has ${words} as layers[0].size, where a whole number belongs`);
    }
  });

  it('refuses a document nested without end in no time', () => {
    const deep = reader.parse(Buffer.from(`[${'['.repeat(300_000)}${']'.repeat(300_000)}]`));
    const before = performance.now();
    assert.throws(() => reader.object(deep, 'the document'), { code: 'MANIFEST_MALFORMED' });
    assert.ok(performance.now() - before < 500);
  });
});

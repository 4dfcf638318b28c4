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

  it('takes no document that is nested deeper than any in use', () => {
    const nested = (depth: number) => Buffer.from(`${'['.repeat(depth)}"[\\"["${']'.repeat(depth)}`);
    assert.ok(reader.parse(nested(200)));
    for (const depth of [201, 300_000]) {
      assert.throws(() => reader.parse(nested(depth)), { code: 'MANIFEST_MALFORMED', message: /more than 200 levels/ });
    }
  });

  it('glances at a large value instead of writing it out', () => {
    const large = reader.parse(Buffer.from(`[${Array.from({ length: 300_000 }, () => '[[[[1]]]]').join(',')}]`));
    const before = performance.now();
    assert.throws(() => reader.object(large, 'the document'), { message: /has a list of 300000 as the document/ });
    assert.ok(performance.now() - before < 100);
  });
});

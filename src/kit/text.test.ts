import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesOfText, compareNames, textOfBytes, trimEndOf } from './text.ts';

describe('compareNames', () => {
  it('orders by bytes, also where code units would order otherwise', () => {
    const names = [
      '',
      'a',
      'a/b',
      'a.b',
      'aa',
      'é',
      '\u{1f600}',
      '\uff5e',
      textOfBytes(Buffer.of(0x61, 0xff)),
      'Z',
      '\ud7ff',
    ];
    for (const a of names) {
      for (const b of names)
        assert.equal(compareNames(a, b), Buffer.compare(bytesOfText(a), bytesOfText(b)), `${a} ${b}`);
    }
  });
});

describe('trimEndOf', () => {
  it('takes away what a text ends in', () => {
    assert.equal(trimEndOf('/usr/lib//', '/'), '/usr/lib');
    assert.equal(trimEndOf('a.b,./=', '.,/='), 'a.b');
    assert.equal(trimEndOf('///', '/'), '');
    assert.equal(trimEndOf('a', ''), 'a');
  });

  it('takes a time that grows with the length alone', () => {
    const before = performance.now();
    trimEndOf(`${'/'.repeat(2_000_000)}x`, '/');
    assert.ok(performance.now() - before < 200);
  });
});

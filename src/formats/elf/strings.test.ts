import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { bytesSource } from '../../kit/index.ts';
import { findStrings, parseElf } from './index.ts';

async function stringsOf(parts: ElfParts, minLength?: number) {
  const source = bytesSource(elf(parts));
  const found = await parseElf(source);
  assert.ok(found);
  return findStrings(source, found, minLength);
}

describe('findStrings', () => {
  it('finds the strings of constants, and neither code nor names of symbols', async () => {
    const found = await stringsOf({
      strings: ['/etc/ssl/certs', 'abc', 'libssl.so.3'],
      symbols: [{ name: 'symbolname' }],
      code: Buffer.from('codecode'),
    });
    assert.deepEqual(found, ['/etc/ssl/certs', 'libssl.so.3']);
  });

  it('takes strings of the length that is asked for', async () => {
    assert.deepEqual(await stringsOf({ strings: ['ab', 'abc', 'abcdef'] }, 3), ['abc', 'abcdef']);
    assert.deepEqual(await stringsOf({ strings: ['ab', 'abc'] }, 1), ['ab', 'abc']);
  });

  it('ends a string at any byte that is not printable', async () => {
    const found = await stringsOf({ strings: ['first\nsecond\tline', 'gr\u00fcn1234'] });
    assert.deepEqual(found, ['first', 'second\tline', 'n1234']);
  });

  it('finds the strings of a file without section headers', async () => {
    const found = await stringsOf({ strings: ['/usr/lib/plugins'], sectionHeaders: false });
    assert.ok(found.includes('/usr/lib/plugins'));
  });

  it('finds what a slow search finds, over the borders of blocks too', async () => {
    let state = 7;
    const random = () => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    const text = Array.from({ length: 2_500_000 }, () =>
      random() < 0.3 ? '\x01' : String.fromCharCode(0x20 + random() * 95),
    );
    const strings = [text.join(''), 'a'.repeat(70_000), 'tail'];
    const found = await stringsOf({ strings }, 5);
    const slow = strings.flatMap((string) => string.match(/[\x20-\x7e]{5,65536}/g) ?? []);
    assert.equal(found.length, slow.length);
    assert.deepEqual(found, slow);
  });
});

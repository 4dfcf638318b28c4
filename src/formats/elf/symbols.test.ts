import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { bytesSource } from '../../kit/index.ts';
import { parseElf, readSymbols } from './index.ts';

async function symbolsOf(parts: ElfParts | Uint8Array) {
  const source = bytesSource(parts instanceof Uint8Array ? parts : elf(parts));
  const found = await parseElf(source);
  assert.ok(found);
  return readSymbols(source, found);
}

const parts: ElfParts = {
  soname: 'libmade.so',
  versionsDefined: ['MADE_1', 'MADE_2'],
  versionsNeeded: [{ file: 'libc.so.6', versions: ['GLIBC_2.34'] }],
  symbols: [
    { name: 'puts', defined: false, version: 'GLIBC_2.34' },
    { name: 'maybe', defined: false, binding: 'weak', type: 'none' },
    { name: 'made', version: 'MADE_1', versionHidden: true },
    { name: 'made', version: 'MADE_2' },
    { name: 'data', type: 'object', binding: 'unique', visibility: 'hidden' },
    { name: 'here·f', type: 'tls' },
  ],
};

const plain = {
  type: 'function',
  binding: 'global',
  hidden: false,
  versionFile: undefined,
  versionHidden: false,
} as const;
const expected = [
  { ...plain, name: 'puts', defined: false, version: 'GLIBC_2.34', versionFile: 'libc.so.6' },
  { ...plain, name: 'maybe', defined: false, binding: 'weak', type: 'none', version: undefined },
  { ...plain, name: 'made', defined: true, version: 'MADE_1', versionHidden: true },
  { ...plain, name: 'made', defined: true, version: 'MADE_2' },
  { ...plain, name: 'data', defined: true, type: 'object', binding: 'unique', hidden: true, version: undefined },
  { ...plain, name: 'here·f', defined: true, type: 'tls', version: undefined },
];

describe('readSymbols', () => {
  for (const architecture of ['amd64', '386', 's390x', 'mips']) {
    for (const hash of ['sysv', 'gnu', 'none'] as const) {
      it(`reads symbols of ${architecture} with their versions, counted by ${hash}`, async () => {
        assert.deepEqual(await symbolsOf({ ...parts, architecture, hash }), expected);
      });
    }
  }

  it('counts undefined symbols behind an empty GNU hash table, with and without section headers', async () => {
    const symbols = [
      { name: 'a', defined: false },
      { name: 'b', defined: false },
    ];
    for (const sectionHeaders of [true, false]) {
      const found = await symbolsOf({ symbols, hash: 'gnu', sectionHeaders });
      assert.deepEqual(
        found.map(({ name }) => name),
        ['a', 'b'],
      );
    }
  });

  it('finds none in a static program', async () => {
    assert.deepEqual(await symbolsOf({}), []);
  });

  it('refuses a count that the file cannot hold', async () => {
    const bytes = Buffer.from(elf({ symbols: [{ name: 'a' }] }));
    const hash = bytes.indexOf(Buffer.from([1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]));
    for (const count of [0xffffffff, 1_000_000]) {
      bytes.writeUInt32LE(count, hash + 4);
      await assert.rejects(symbolsOf(bytes), { code: 'ELF_MALFORMED' });
    }
  });
});

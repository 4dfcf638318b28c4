import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { bytesSource } from '../../kit/index.ts';
import { damageOf, parseElf, segmentTypes } from './index.ts';

const fields = { type: 0, flags: 4, offset: 8, address: 16, fileSize: 32, memorySize: 40, align: 48 } as const;

/** A change of one field of the first program header of a type. */
interface Change {
  readonly segment: keyof typeof segmentTypes;
  readonly field: keyof typeof fields;
  readonly value: number;
}

async function damage(parts: ElfParts, change?: Change): Promise<string | undefined> {
  const bytes = Buffer.from(elf(parts));
  if (change !== undefined) {
    const count = bytes.readUInt16LE(56);
    const at = Array.from({ length: count }, (_, index) => 64 + index * 56).find(
      (place) => bytes.readUInt32LE(place) === segmentTypes[change.segment],
    );
    assert.ok(at !== undefined);
    const place = at + fields[change.field];
    if (change.field === 'type' || change.field === 'flags') bytes.writeUInt32LE(change.value, place);
    else bytes.writeBigUInt64LE(BigInt(change.value), place);
  }
  const found = await parseElf(bytesSource(bytes));
  return found && damageOf(found, bytes.length);
}

const dynamic: ElfParts = { interpreter: '/lib/ld.so', needs: ['libc.so.6'] };

describe('damageOf, of program headers,', () => {
  const rows: readonly [string, ElfParts, Change, RegExp][] = [
    ['beyond memory', {}, { segment: 'load', field: 'memorySize', value: 2 ** 47 }, /beyond the memory/],
    ['at an address that is kept free', {}, { segment: 'load', field: 'address', value: 4096 }, /below all addresses/],
    ['of a huge alignment', {}, { segment: 'load', field: 'align', value: 2 ** 60 }, /beyond the memory/],
    ['without the dynamic section', dynamic, { segment: 'dynamic', field: 'type', value: 0 }, /no dynamic section/],
    ['without PT_PHDR', dynamic, { segment: 'programHeaders', field: 'type', value: 0 }, /does not say where/],
    ['with another PT_PHDR', dynamic, { segment: 'programHeaders', field: 'address', value: 8 }, /loaded elsewhere/],
    [
      'with parts where nothing is',
      dynamic,
      { segment: 'dynamic', field: 'address', value: 2 ** 30 },
      /nothing is loaded/,
    ],
  ];
  for (const [title, parts, change, expected] of rows) {
    it(`finds those ${title}`, async () => {
      assert.equal(await damage(parts), undefined);
      assert.match((await damage(parts, change)) ?? '', expected);
    });
  }

  it('passes over PT_NOTE and the OS ABI, at which nobody looks', async () => {
    const parts: ElfParts = { notes: [{ owner: 'X', type: 1, content: Buffer.alloc(4) }], osAbi: 9 };
    assert.equal(await damage(parts, { segment: 'note', field: 'offset', value: 1 }), undefined);
  });

  it('finds tables of the dynamic section outside of what is loaded', async () => {
    assert.match(
      (await damage({
        ...dynamic,
        dynamicEntries: [
          [25, 2 ** 40],
          [27, 8],
        ],
      })) ?? '',
      /0x19\) outside/,
    );
    assert.match((await damage({ ...dynamic, dynamicEntries: [[12, 2 ** 40]] })) ?? '', /outside of its code/);
    assert.match((await damage({ ...dynamic, dynamicEntries: [[9, 25]] })) ?? '', /entries of a size/);
  });
});

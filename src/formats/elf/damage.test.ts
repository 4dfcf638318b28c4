import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { bytesSource } from '../../kit/index.ts';
import { damageOf, parseElf } from './index.ts';

async function damage(parts: ElfParts | Buffer, cut = 0) {
  const bytes = parts instanceof Buffer ? parts : Buffer.from(elf({ sectionHeaders: false, ...parts }));
  const found = await parseElf(bytesSource(bytes));
  assert.ok(found);
  return damageOf(found, bytes.length - cut);
}

describe('damageOf', () => {
  it('finds nothing wrong with sound programs and libraries', async () => {
    for (const parts of [{}, { interpreter: '/lib/ld.so' }, { soname: 'lib.so' }, { architecture: 'ppc64' }]) {
      assert.equal(await damage(parts), undefined);
    }
  });

  it('finds a file that is cut short', async () => {
    assert.match((await damage({}, 1)) ?? '', /^is cut short: it has \d+ bytes, and its segments go up to \d+$/);
  });

  it('finds a segment that cannot be mapped', async () => {
    const change = (field: number, value: bigint) => {
      const bytes = Buffer.from(elf());
      bytes.writeBigUInt64LE(value, 64 + field);
      return damage(bytes);
    };
    assert.match((await change(40, 1n)) ?? '', /larger in the file than in memory/);
    assert.match((await change(16, 0x400001n)) ?? '', /do not fit into one page/);
  });

  it('finds an entry point that is not in the code', async () => {
    const bytes = Buffer.from(elf());
    bytes.writeBigUInt64LE(0x10n, 24);
    assert.match((await damage(bytes)) ?? '', /entry point outside/);
    const none = Buffer.from(elf());
    none.writeUInt16LE(0, 56);
    assert.match((await damage(none)) ?? '', /no segment to load/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../tests/make/elf.ts';
import { bytesSource } from '../../kit/index.ts';
import { machineNameOf, machineOf, parseElf, platformOf, runsOn } from './index.ts';

describe('machines', () => {
  for (const architecture of [
    'amd64',
    '386',
    'arm64',
    'arm',
    'riscv64',
    'ppc64',
    'ppc64le',
    's390x',
    'mips',
    'mipsle',
    'mips64',
    'mips64le',
    'loong64',
    'sparc64',
  ]) {
    it(`gives an ELF file of ${architecture} that platform again`, async () => {
      const found = await parseElf(bytesSource(elf({ architecture })));
      assert.ok(found);
      assert.equal(platformOf(found)?.architecture, architecture);
      assert.equal(found.machineName, machineOf({ architecture })?.name);
      assert.equal(runsOn(found, architecture), true);
    });
  }

  it('tells ABIs of one machine apart by class, byte order and flags', () => {
    const name = (machine: number, bits: 32 | 64, littleEndian: boolean, flags = 0) =>
      machineNameOf({ machine, class: bits, littleEndian, flags });
    assert.deepEqual(
      [name(62, 64, true), name(62, 32, true), name(40, 32, true, 0x5000400), name(40, 32, true, 0x5000200)],
      ['x86_64', 'x32', 'armhf', 'arm'],
    );
    assert.deepEqual(
      [name(8, 32, false, 0x1005), name(8, 32, false, 0x20), name(8, 64, true)],
      ['mips', 'mipsn32', 'mips64el'],
    );
    assert.equal(name(9999, 64, true), 'machine-9999');
  });

  it('knows both variants of arm', () => {
    const hard = machineOf({ architecture: 'arm' });
    const soft = machineOf({ architecture: 'arm', variant: 'v5' });
    assert.deepEqual([hard?.name, soft?.name], ['armhf', 'arm']);
    assert.deepEqual(hard && platformOf(hard), { architecture: 'arm', variant: 'v7' });
    assert.deepEqual(soft && platformOf(soft), { architecture: 'arm', variant: 'v5' });
  });

  it('knows which kernel runs the 32-bit programs beside its own', () => {
    assert.equal(runsOn({ machine: 3 }, 'amd64'), true);
    assert.equal(runsOn({ machine: 62 }, '386'), false);
    assert.equal(runsOn({ machine: 183 }, 'amd64'), false);
    assert.equal(runsOn({ machine: 183 }, 'nonsense'), false);
  });
});

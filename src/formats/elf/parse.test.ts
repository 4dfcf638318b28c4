import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../tests/make/elf.ts';
import { abiNote, buildIdNote, dlopenNote, isaNote, packageNote } from '../../../tests/make/elf-notes.ts';
import { bytesSource, textSource } from '../../kit/index.ts';
import { type Elf, isStaticPie, parseElf, tlsBytes } from './index.ts';

async function parse(bytes: Uint8Array): Promise<Elf> {
  const found = await parseElf(bytesSource(bytes));
  assert.ok(found);
  return found;
}

const rejectsAsMalformed = (bytes: Uint8Array) =>
  assert.rejects(parseElf(bytesSource(bytes)), { name: 'Fault', code: 'ELF_MALFORMED' });

const layouts = [
  { architecture: 'amd64', class: 64, littleEndian: true, machineName: 'x86_64' },
  { architecture: '386', class: 32, littleEndian: true, machineName: 'i386' },
  { architecture: 's390x', class: 64, littleEndian: false, machineName: 's390x' },
  { architecture: 'mips', class: 32, littleEndian: false, machineName: 'mips' },
] as const;

describe('parseElf', () => {
  it('gives nothing for what is no ELF file', async () => {
    assert.equal(await parseElf(textSource('#!/bin/sh\n')), undefined);
    assert.equal(await parseElf(textSource('')), undefined);
    assert.equal(await parseElf(textSource('\x7fEL')), undefined);
  });

  for (const { architecture, ...expected } of layouts) {
    it(`reads what a library of ${architecture} says of itself`, async () => {
      const found = await parse(
        elf({
          architecture,
          soname: 'libmade.so.2',
          needs: ['libz.so.1', 'libc.so.6'],
          rpath: '/old',
          runpath: '$ORIGIN/../lib:/opt',
          filters: ['libf.so'],
          auxiliaries: ['liba.so'],
          versionsDefined: ['MADE_1', 'MADE_2'],
          versionsNeeded: [
            { file: 'libz.so.1', versions: ['ZLIB_1.2'] },
            { file: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.38?'] },
          ],
          notes: [buildIdNote('c0ffee'), abiNote([3, 2, 0], expected)],
        }),
      );
      assert.deepEqual(
        [found.class, found.littleEndian, found.machineName, found.type, found.identMatches, found.isPie],
        [expected.class, expected.littleEndian, expected.machineName, 'shared', true, false],
      );
      assert.deepEqual(
        { ...found.dynamic, tables: undefined },
        {
          needed: ['libz.so.1', 'libc.so.6'],
          soname: 'libmade.so.2',
          rpath: '/old',
          runpath: '$ORIGIN/../lib:/opt',
          filters: ['libf.so'],
          auxiliaries: ['liba.so'],
          flags: 0,
          flags1: 0,
          bindsNow: false,
          noDefaultLibs: false,
          hasRelr: false,
          versionsNeeded: [
            { file: 'libz.so.1', versions: [{ name: 'ZLIB_1.2', weak: false }] },
            {
              file: 'libc.so.6',
              versions: [
                { name: 'GLIBC_2.34', weak: false },
                { name: 'GLIBC_2.38', weak: true },
              ],
            },
          ],
          versionsDefined: ['MADE_1', 'MADE_2'],
          tables: undefined,
          damage: undefined,
        },
      );
      assert.equal(found.notes.buildId, 'c0ffee');
      assert.deepEqual(found.notes.abiTag, { os: 0, kernel: '3.2.0' });
    });
  }

  it('needs no section headers', async () => {
    const parts = { interpreter: '/lib/ld.so', needs: ['libc.so.6'] };
    const found = await parse(elf({ ...parts, sectionHeaders: false }));
    assert.deepEqual(found.dynamic, (await parse(elf(parts))).dynamic);
    assert.equal(found.sectionHeaders, undefined);
  });

  it('reads an ia64-like file whose addresses go beyond 2^53', async () => {
    const found = await parse(elf({ type: 'executable', needs: ['libc.so.6'], base: 0x4000000000000123n }));
    assert.deepEqual(found.dynamic?.needed, ['libc.so.6']);
  });

  it('tells programs, position-independent and static ones among them, from libraries', async () => {
    const kinds = await Promise.all(
      [
        { interpreter: '/lib/ld.so' },
        { type: 'shared', dynamicFlags1: 0x08000000 },
        { soname: 'lib.so' },
        {},
        { type: 'relocatable' },
      ].map(async (parts) => {
        const found = await parse(elf(parts as Parameters<typeof elf>[0]));
        return [found.type, found.isPie, isStaticPie(found)];
      }),
    );
    assert.deepEqual(kinds, [
      ['shared', true, false],
      ['shared', true, true],
      ['shared', false, false],
      ['executable', false, false],
      ['relocatable', false, false],
    ]);
  });

  it('folds the older tags into the flags', async () => {
    const now = await parse(elf({ needs: [], dynamicEntries: [[24, 0]] }));
    assert.deepEqual([now.dynamic?.flags, now.dynamic?.bindsNow], [8, true]);
    const flag1 = await parse(elf({ needs: [], dynamicFlags1: 0x801 }));
    assert.deepEqual([flag1.dynamic?.bindsNow, flag1.dynamic?.noDefaultLibs], [true, true]);
    const relr = await parse(elf({ needs: [], dynamicFlags: 2, dynamicEntries: [[36, 0]] }));
    assert.deepEqual([relr.dynamic?.flags, relr.dynamic?.hasRelr], [2, true]);
  });

  it('tells no version table from one without a version', async () => {
    assert.equal((await parse(elf({ soname: 'a' }))).dynamic?.versionsDefined, undefined);
    assert.deepEqual((await parse(elf({ soname: 'a', versionsDefined: [] }))).dynamic?.versionsDefined, []);
  });

  it('reads stack, thread-local storage and x86 level', async () => {
    const found = await parse(elf({ stack: 'executable', tlsBytes: 4096, notes: [isaNote(4), buildIdNote('ab')] }));
    assert.deepEqual([found.stack, tlsBytes(found), found.notes.isaNeeded], ['executable', 4096, 4]);
    assert.equal(found.notes.buildId, 'ab');
    assert.equal((await parse(elf({ stack: 'unstated' }))).stack, 'unstated');
  });

  it('reads the metadata of packages and of libraries opened at run time', async () => {
    const features = [
      { soname: ['libbpf.so.1', 'libbpf.so.0'], feature: 'bpf', description: 'sandboxing', priority: 'suggested' },
      { soname: ['liblzma.so.5'] },
      { soname: 'no list' },
    ];
    const found = await parse(elf({ notes: [packageNote('{"name":"made"}'), dlopenNote(features)] }));
    assert.equal(found.notes.packageJson, '{"name":"made"}');
    assert.deepEqual(found.notes.dlopen, [
      { sonames: ['libbpf.so.1', 'libbpf.so.0'], feature: 'bpf', description: 'sandboxing', priority: 'suggested' },
      { sonames: ['liblzma.so.5'], feature: undefined, description: undefined, priority: 'recommended' },
    ]);
  });

  it('passes over notes that are damaged', async () => {
    const junk = { owner: 'FDO', type: 0x407c0c0a, content: Buffer.from('{no json') };
    assert.deepEqual((await parse(elf({ notes: [junk] }))).notes.dlopen, []);
  });

  it('reads a file whose EI_CLASS lies, as the kernel runs it, and says so', async () => {
    const bytes = elf({ interpreter: '/lib/ld.so' });
    bytes[4] = 1;
    const found = await parse(bytes);
    assert.deepEqual([found.class, found.identMatches, found.interpreter], [64, false, '/lib/ld.so']);
  });

  it('reads a large file in a few small pieces', async () => {
    const bytes = elf({ needs: ['libc.so.6'], padding: 8 * 1024 * 1024 });
    const reads: number[] = [];
    const found = await parseElf({
      sizeBytes: bytes.length,
      open: () => assert.fail('read from the start'),
      readAt: async (offset, length) => {
        reads.push(length);
        return bytes.subarray(offset, offset + length);
      },
    });
    assert.deepEqual(found?.dynamic?.needed, ['libc.so.6']);
    assert.ok(reads.length <= 3 && Math.max(...reads) <= 16 * 1024, `${reads}`);
  });

  it('says of an interpreter that the kernel would not read what is wrong, as libraries may have such a one', async () => {
    const secondProgramHeader = 64 + 56;
    for (const [field, value, expected] of [
      [32, 1, 'names its interpreter in 1 bytes'],
      [32, 5000, 'names its interpreter in 5000 bytes'],
      [32, 5, 'names an interpreter without an end'],
      [8, 1 << 30, "ends inside its interpreter's name"],
    ] as const) {
      const bytes = Buffer.from(elf({ interpreter: '/lib/ld.so' }));
      bytes.writeBigUInt64LE(BigInt(value), secondProgramHeader + field);
      const { interpreter, interpreterProblem } = await parse(bytes);
      assert.deepEqual([interpreter, interpreterProblem], [undefined, expected]);
    }
  });
});

describe('parseElf refuses', () => {
  it('a header or program headers that are cut short', async () => {
    const bytes = elf();
    for (const length of [4, 5, 16, 63, 64, 100]) await rejectsAsMalformed(bytes.subarray(0, length));
  });

  it('program headers of another size', async () => {
    const bytes = elf();
    bytes[54] = 57;
    await rejectsAsMalformed(bytes);
  });

  it('more program headers than the kernel reads', async () => {
    const bytes = Buffer.concat([elf(), Buffer.alloc(1 << 20)]);
    bytes.writeUInt16LE(1200, 56);
    await rejectsAsMalformed(bytes);
  });

  it('a needed library whose name lies outside of the file', async () => {
    await rejectsAsMalformed(elf({ needs: [], dynamicEntries: [[1, 0x7fffffff]] }));
  });

  it('names that are long without end, alone or together', async () => {
    const named = (text: string, count: number) => {
      const dynamicEntries = Array.from({ length: count }, (_, index) => [1, index] as const);
      const bytes = Buffer.from(elf({ needs: [], strings: [text], dynamicEntries }));
      return withStringsAt(bytes, bytes.indexOf(text));
    };
    assert.equal((await parse(named('x'.repeat(60_000), 1))).dynamic?.needed[0]?.length, 60_000);
    await rejectsAsMalformed(named('x'.repeat(70_000), 1));
    await rejectsAsMalformed(named('x'.repeat(60_000), 20));
  });

  it('a chain of versions that does not end', async () => {
    const bytes = Buffer.from(elf({ versionsNeeded: [{ file: 'libc.so.6', versions: ['A'] }] }));
    const at = (await parse(bytes)).dynamic?.tables.versionNeeds ?? 0;
    bytes.writeUInt32LE(0xfffffff0, at + 12);
    await rejectsAsMalformed(bytes);
  });
});

/** The file with DT_STRTAB set to another place in it. */
function withStringsAt(bytes: Buffer, place: number): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(5);
  bytes.writeBigUInt64LE(BigInt(place), bytes.lastIndexOf(tag) + 8);
  return bytes;
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { buildIdNote, dlopenNote, isaNote } from '../../../tests/make/elf-notes.ts';
import { bytesSource, isFault } from '../../kit/index.ts';
import { damageOf, findStrings, goBuildInfo, parseElf, readSymbols } from './index.ts';

const full: ElfParts = {
  interpreter: '/lib/ld.so',
  needs: ['libz.so.1', 'libc.so.6'],
  soname: 'libmade.so',
  runpath: '$ORIGIN',
  versionsDefined: ['MADE_1', 'MADE_2'],
  versionsNeeded: [{ file: 'libc.so.6', versions: ['GLIBC_2.34', 'GLIBC_2.38?'] }],
  symbols: [
    { name: 'puts', defined: false, version: 'GLIBC_2.34' },
    { name: 'made', version: 'MADE_1' },
    { name: 'b' },
  ],
  notes: [buildIdNote('c0ffee'), isaNote(1), dlopenNote([{ soname: ['liba.so'] }])],
  strings: ['/etc/made.conf'],
};

const seeds = ['amd64', '386', 's390x', 'mips'].flatMap((architecture) =>
  (['sysv', 'gnu', 'none'] as const).map((hash) => Buffer.from(elf({ ...full, architecture, hash }))),
);

async function readEverything(bytes: Uint8Array): Promise<void> {
  const source = bytesSource(bytes);
  const found = await parseElf(source);
  if (found === undefined) return;
  damageOf(found, bytes.length);
  await findStrings(source, found);
  await goBuildInfo(source, found);
  await readSymbols(source, found);
}

const onlyMalformed = (bytes: Uint8Array): Promise<void> =>
  readEverything(bytes).catch((error: unknown) => {
    if (!isFault(error, 'ELF_MALFORMED')) throw error;
  });

const interesting = fc.constantFrom(0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff);
/** Where the fields are: the headers and tables, not the padding between pages. */
const place = fc.oneof(fc.nat(1400), fc.integer({ min: 8192, max: 8192 + 900 }));

describe('a hostile ELF file', () => {
  it('is read or refused as malformed, whatever bytes are changed', async () => {
    const change = fc.record({ at: place, byte: interesting });
    const cases = fc.record({
      seed: fc.constantFrom(...seeds),
      changes: fc.array(change, { minLength: 1, maxLength: 12 }),
      length: fc.option(fc.nat(10_000), { freq: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, changes, length }) => {
        const bytes = Buffer.from(seed.subarray(0, length ?? seed.length));
        for (const { at, byte } of changes) if (at < bytes.length) bytes[at] = byte;
        await onlyMalformed(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read or refused as malformed, whatever numbers stand in it', async () => {
    const number = fc.constantFrom(
      0n,
      1n,
      0xffffn,
      0x10000n,
      0x7fffffffn,
      0xffffffffn,
      2n ** 53n,
      2n ** 63n,
      2n ** 64n - 1n,
    );
    const write = fc.record({ at: place, number, wide: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(write, { minLength: 1, maxLength: 4 }),
        async (seed, writes) => {
          const bytes = Buffer.from(seed);
          for (const { at, number, wide } of writes) {
            const start = at - (at % (wide ? 8 : 4));
            if (start + 8 > bytes.length) continue;
            if (wide) bytes.writeBigUInt64LE(number, start);
            else bytes.writeUInt32LE(Number(number & 0xffffffffn), start);
          }
          await onlyMalformed(bytes);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is refused when it is ELF by its magic only', async () => {
    const tail = fc.uint8Array({ maxLength: 600 });
    await fc.assert(
      fc.asyncProperty(tail, (bytes) => onlyMalformed(Buffer.concat([Buffer.from('\x7fELF'), bytes]))),
      { numRuns: 500 },
    );
  });

  it('cannot make the reader take more time or memory than its size is worth', async () => {
    const entries = Array.from({ length: 30_000 }, (_, index) => [1, index] as const);
    const bytes = elf({ needs: [], strings: ['x'.repeat(40_000)], dynamicEntries: entries });
    const before = performance.now();
    await onlyMalformed(bytes);
    assert.ok(performance.now() - before < 2000);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type MadePe, peFile } from '../../../tests/make/pe.ts';
import { bytesSource, isFault } from '../../kit/index.ts';
import { parsePe } from './index.ts';

const parse = (bytes: Uint8Array) => parsePe(bytesSource(bytes));
const made: MadePe = { imports: ['KERNEL32.dll', 'USER32.dll'], delayed: ['WINHTTP.dll'] };

describe('parsePe', () => {
  it('reads imports and delay-loaded imports of 64-bit and 32-bit files', async () => {
    assert.deepEqual(await parse(peFile(made)), {
      class: 64,
      machine: 'x86_64',
      kind: 'program',
      isManaged: false,
      imports: ['KERNEL32.dll', 'USER32.dll'],
      delayedImports: ['WINHTTP.dll'],
    });
    const old = await parse(peFile({ ...made, class: 32, machine: 0x14c, isLibrary: true }));
    assert.deepEqual([old?.class, old?.machine, old?.kind, old?.imports.length], [32, 'i386', 'library', 2]);
  });

  it('reads delay-loaded names that are addresses', async () => {
    const old = await parse(peFile({ ...made, class: 32, delayedByAddress: true }));
    assert.deepEqual(old?.delayedImports, ['WINHTTP.dll']);
  });

  it('knows programs of .NET and machines without a name', async () => {
    const managed = await parse(peFile({ isManaged: true, machine: 0x1234 }));
    assert.deepEqual([managed?.isManaged, managed?.machine, managed?.imports], [true, 'machine-0x1234', []]);
  });

  it('takes nothing else for a PE file, and a cut one for damaged', async () => {
    assert.equal(await parse(Buffer.from('MZ')), undefined);
    assert.equal(await parse(Buffer.concat([Buffer.from('MZ'), Buffer.alloc(600)])), undefined);
    assert.equal(await parse(Buffer.alloc(600)), undefined);
    await assert.rejects(parse(peFile(made).subarray(0, 0x80 + 24)), { code: 'UNSUPPORTED' });
  });

  it('survives any damage', async () => {
    const good = peFile(made);
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 12 }), fc.nat(good.length), async (changes, end) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        for (const file of [bytes, bytes.subarray(0, end)]) {
          await parse(file).catch((error) => assert.ok(isFault(error, 'UNSUPPORTED'), String(error)));
        }
      }),
      { numRuns: 300 },
    );
  });
});

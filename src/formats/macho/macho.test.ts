import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fatFile, machoFile } from '../../../tests/make/macho.ts';
import { bytesSource, isFault } from '../../kit/index.ts';
import { parseMacho } from './index.ts';

const parse = (bytes: Uint8Array) => parseMacho(bytesSource(bytes));
const system = { path: '/usr/lib/libSystem.B.dylib', current: [1336, 61, 1], compatibility: [1, 0, 0] } as const;
const program = machoFile({
  libraries: [system, { path: '@rpath/libx.dylib', command: 0x80000018 }],
  rpaths: ['@loader_path/../lib'],
  loader: '/usr/lib/dyld',
});

describe('parseMacho', () => {
  it('reads libraries with their versions, and where they may be looked for', async () => {
    assert.deepEqual(await parse(program), [
      {
        architecture: 'arm64',
        class: 64,
        kind: 'program',
        id: undefined,
        libraries: [
          {
            path: '/usr/lib/libSystem.B.dylib',
            kind: 'load',
            currentVersion: '1336.61.1',
            compatibilityVersion: '1.0.0',
          },
          { path: '@rpath/libx.dylib', kind: 'weak', currentVersion: '1.0.0', compatibilityVersion: '1.0.0' },
        ],
        rpaths: ['@loader_path/../lib'],
        loader: '/usr/lib/dyld',
      },
    ]);
  });

  it('reads each architecture of a universal file', async () => {
    const intel = machoFile({ cpu: [0x01000007, 3], fileType: 6, libraries: [{ path: '/me.dylib', command: 0xd }] });
    for (const is64 of [false, true]) {
      const slices = await parse(fatFile([intel, program], is64));
      assert.deepEqual(
        slices?.map(({ architecture, kind, id, libraries }) => [architecture, kind, id?.path, libraries.length]),
        [
          ['x86_64', 'library', '/me.dylib', 0],
          ['arm64', 'program', undefined, 2],
        ],
      );
    }
  });

  it('reads 32-bit and big-endian files', async () => {
    const [old] = (await parse(machoFile({ class: 32, littleEndian: false, cpu: [18, 0], libraries: [system] }))) ?? [];
    assert.deepEqual([old?.architecture, old?.class, old?.libraries[0]?.path], ['ppc', 32, system.path]);
  });

  it('takes nothing else for a Mach-O file, a Java class least of all', async () => {
    assert.equal(await parse(Buffer.from('cafebabe00000041aabb', 'hex')), undefined);
    assert.equal(await parse(Buffer.from('cafebabe00000000', 'hex')), undefined);
    assert.equal(await parse(Buffer.from('text')), undefined);
    assert.equal(await parse(Buffer.alloc(64)), undefined);
    await assert.rejects(parse(program.subarray(0, 60)), { code: 'UNSUPPORTED' });
  });

  it('survives any damage', async () => {
    const good = fatFile([program, program]);
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

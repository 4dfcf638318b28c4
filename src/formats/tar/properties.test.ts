import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  gnuLongEntry,
  inPieces,
  makeTar,
  paxEntry,
  rawEntry,
  type TarSpec,
  tarEnd,
  tarItem,
} from '../../../tests/make/tar.ts';
import { Fault, textOfBytes } from '../../kit/index.ts';
import { readTar, type TarHeader, tarParser } from './index.ts';

/** Bytes as names have them, without NUL and slash. */
const component = fc
  .uint8Array({ minLength: 1, maxLength: 90 })
  .map((bytes) => textOfBytes(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte))));
const plain = fc.stringMatching(/^[a-z0-9._-]{1,60}$/);
const path = fc.array(fc.oneof(plain, component), { minLength: 1, maxLength: 8 }).map((parts) => parts.join('/'));
const owner = fc.oneof(fc.nat(1000), fc.integer({ min: 2_097_000, max: 2_097_200 }), fc.nat(4_294_967_295));
const xattrs = fc.dictionary(fc.stringMatching(/^(user|security)\.[a-z%.]{1,20}$/), fc.uint8Array({ maxLength: 200 }), {
  maxKeys: 3,
});
const kind = fc.oneof(
  fc.record({ type: fc.constant('file' as const), content: fc.uint8Array({ maxLength: 3000 }) }),
  fc.record({ type: fc.constant('directory' as const) }),
  fc.record({ type: fc.constantFrom('symlink' as const, 'hardlink' as const), linkTarget: path }),
  fc.record({ type: fc.constant('fifo' as const) }),
  fc.record({
    type: fc.constantFrom('character-device' as const, 'block-device' as const),
    device: fc.tuple(fc.nat(4095), fc.nat(1_048_575)).map(([major, minor]) => ({ major, minor })),
  }),
);
const spec: fc.Arbitrary<TarSpec> = fc
  .record({
    path,
    mode: fc.nat(0o7777),
    uid: owner,
    gid: owner,
    userName: fc.oneof(plain, component),
    groupName: fc.constantFrom('', 'root', 'gr\u00fcn'),
    mtimeSeconds: fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
    mtimeNanoseconds: fc.oneof(fc.constant(0), fc.nat(999_999_999)),
    xattrs,
    kind,
  })
  .map(({ kind: special, ...rest }) => ({ ...rest, ...special }));

type Seen = readonly [TarHeader, string];

/** What reading gives, or the Fault that it ends with; all else fails the test. */
async function outcome(archive: Uint8Array, pieces: number): Promise<{ seen: Seen[]; fault: string | undefined }> {
  const seen: Seen[] = [];
  try {
    for await (const { header, body } of readTar(inPieces(archive, pieces))) {
      let text = '';
      for await (const part of body) {
        text += Buffer.from(part).toString('latin1');
        if (text.length > 1 << 18) break;
      }
      seen.push([header, text.slice(0, 1 << 18)]);
    }
    return { seen, fault: undefined };
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    assert.equal(error.code, 'TAR_MALFORMED');
    return { seen, fault: error.message };
  }
}

function readSynchronously(archive: Uint8Array, pieces: number): Seen[] {
  const seen: Seen[] = [];
  const parser = tarParser({
    member({ header }) {
      const content = Buffer.alloc(header.sizeBytes);
      seen.push([header, '']);
      const index = seen.length - 1;
      return {
        write: (bytes, position) => content.set(bytes, position),
        end: () => void seen.splice(index, 1, [header, content.toString('latin1')]),
      };
    },
  });
  // One buffer for all pieces, as a reader of files would have it
  const buffer = Buffer.alloc(pieces);
  for (let at = 0; at < archive.length; at += pieces) {
    const length = Math.min(pieces, archive.length - at);
    buffer.set(archive.subarray(at, at + length));
    parser.push(buffer.subarray(0, length));
  }
  parser.end();
  return seen;
}

describe('any archive', () => {
  it('that is written is read back, in whatever pieces, by both readers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(spec, { maxLength: 6 }), fc.integer({ min: 1, max: 5000 }), async (specs, pieces) => {
        const archive = await makeTar(specs);
        const wanted = specs.map((one): Seen => {
          const { header } = tarItem(one);
          const slash = header.type === 'directory' ? { path: `${header.path.replace(/\/$/, '')}/` } : {};
          return [{ ...header, ...slash }, Buffer.from(one.content ?? '').toString('latin1')];
        });
        assert.deepEqual(await outcome(archive, pieces), { seen: wanted, fault: undefined });
        assert.deepEqual(readSynchronously(archive, pieces), wanted);
      }),
      { numRuns: 150 },
    );
  });

  it('whose bytes are changed gives a Fault or entries, the same ones in whatever pieces', async () => {
    const sparse = [
      ['GNU.sparse.size', '5000'],
      ['GNU.sparse.map', '0,4,4000,6'],
    ] as const;
    const archive = Buffer.concat([
      await makeTar([
        { path: 'a/' },
        { path: '\u00e9'.repeat(70), content: 'x'.repeat(700), xattrs: { 'user.a': 'b' } },
      ]).then((b) => b.subarray(0, -1024)),
      gnuLongEntry('L', 'n'.repeat(150)),
      rawEntry({ magic: 'ustar  \0' }, 'hello'),
      paxEntry([['uid', '7']], { typeFlag: 'g' }),
      paxEntry(sparse),
      rawEntry({}, '0123456789'),
      rawEntry({ typeFlag: '2', linkName: 'to' }),
      tarEnd,
    ]);
    const change = fc.record({ at: fc.nat(archive.length - 1), to: fc.nat(255), fix: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 3000 }),
        async (changes, pieces) => {
          const changed = Buffer.from(archive);
          for (const { at, to } of changes) changed[at] = to;
          for (const { at, fix } of changes) if (fix) repairChecksum(changed, at - (at % 512));
          const whole = await outcome(changed, changed.length);
          assert.deepEqual(await outcome(changed, pieces), whole);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('that is cut or made of noise gives a Fault or entries', async () => {
    const archive = await makeTar([
      { path: 'a'.repeat(200), content: 'x'.repeat(700) },
      { path: 'b', content: 'y' },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length), fc.uint8Array({ maxLength: 2000 }), async (length, noise) => {
        await outcome(archive.subarray(0, length), 100);
        await outcome(Buffer.concat([archive.subarray(0, length), noise]), 100);
        await outcome(noise, 7);
      }),
      { numRuns: 150 },
    );
  });
});

/** So that changes come through to what lies behind the checksum. */
function repairChecksum(archive: Buffer, start: number): void {
  const block = archive.subarray(start, start + 512);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { inPieces } from '../../../tests/make/tar.ts';
import { Fault } from '../../kit/index.ts';
import { type Compression, compress, decompress, detectCompression } from './index.ts';
import { unzstdInScript, zstdInWasm } from './zstd-library.ts';

const pieceSizes = [1, 7, 321, 4096, 1 << 20];

async function joined(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

const unpack = (bytes: Uint8Array, pieces: number, compression?: Compression): Promise<Buffer> =>
  joined(decompress(inPieces(bytes, pieces), compression));
const pack = (bytes: Uint8Array, compression: Compression): Promise<Buffer> =>
  joined(compress(inPieces(bytes, 1 << 16), compression));

const malformed = { name: 'Fault', code: 'COMPRESSION_MALFORMED' };
const text = Buffer.from('All happy streams are alike. '.repeat(3000));
const noise = randomBytes(10_000);
const sample = Buffer.concat([text, noise, Buffer.alloc(300_000), text]);
const skippable = Buffer.concat([Buffer.from([0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0]), Buffer.from('note!')]);

for (const compression of ['gzip', 'zstd'] as const) {
  describe(`${compression} streams`, () => {
    it('come back as they were, in whatever pieces they arrive', async () => {
      const packed = await pack(sample, compression);
      assert.ok(packed.length < sample.length / 10);
      for (const size of pieceSizes) assert.deepEqual(await unpack(packed, size), sample);
    });

    it('are found by their first bytes, also when told', async () => {
      const packed = await pack(text, compression);
      assert.equal(detectCompression(packed), compression);
      assert.deepEqual(await unpack(packed, 7, compression), text);
    });

    it('may be empty inside, and not outside', async () => {
      assert.equal((await unpack(await pack(Buffer.alloc(0), compression), 3)).length, 0);
      await assert.rejects(unpack(Buffer.alloc(0), 1, compression), malformed);
    });

    it('may have several members', async () => {
      const packed = Buffer.concat([
        await pack(text, compression),
        await pack(noise, compression),
        await pack(text, compression),
      ]);
      for (const size of pieceSizes) {
        assert.deepEqual(await unpack(packed, size), Buffer.concat([text, noise, text]), `pieces of ${size}`);
      }
    });

    it('are refused when they are cut short anywhere', async () => {
      const packed = await pack(text, compression);
      for (let length = 4; length < packed.length; length += 1 + (length >> 3)) {
        for (const size of [1, 1 << 20]) {
          await assert.rejects(unpack(packed.subarray(0, length), size, compression), malformed, `cut at ${length}`);
        }
      }
    });

    it('are refused when something else follows them', async () => {
      const packed = await pack(text, compression);
      for (const size of pieceSizes) {
        await assert.rejects(unpack(Buffer.concat([packed, Buffer.from('garbage')]), size), malformed);
      }
    });

    it('are refused when they are something else', async () => {
      await assert.rejects(unpack(text, 1000, compression), malformed);
    });

    it('end in a Fault or in bytes when any byte is changed', async () => {
      const packed = await pack(Buffer.concat([text, noise.subarray(0, 2000)]), compression);
      await fc.assert(
        fc.asyncProperty(fc.nat(packed.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
          const changed = Buffer.from(packed);
          changed[at] = (changed[at] ?? 0) ^ change;
          try {
            await unpack(changed, 4096, compression);
          } catch (error) {
            assert.ok(error instanceof Fault, String(error));
          }
        }),
        { numRuns: 200 },
      );
    });

    it('hand on the errors of their input as they are', async () => {
      const packed = await pack(sample, compression);
      const failure = new Error('the network is gone');
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield packed.subarray(0, 1000);
        throw failure;
      }
      await assert.rejects(joined(decompress(broken())), failure);
      await assert.rejects(joined(compress(broken(), compression)), failure);
    });

    it('close their input when the reader stops', async () => {
      const packed = await pack(sample, compression);
      const closed: string[] = [];
      async function* watched(bytes: Uint8Array, name: string): AsyncGenerator<Uint8Array> {
        try {
          yield* inPieces(bytes, 1000);
        } finally {
          closed.push(name);
        }
      }
      for await (const _ of decompress(watched(packed, 'packed'))) break;
      for await (const _ of compress(watched(sample, 'plain'), compression)) break;
      assert.deepEqual(closed, ['packed', 'plain']);
    });

    it('take no more of their input than their reader needs', async () => {
      const packed = await pack(randomBytes(8 << 20), compression);
      let taken = 0;
      async function* counted(): AsyncGenerator<Uint8Array> {
        for await (const piece of inPieces(packed, 1 << 16)) {
          taken += piece.byteLength;
          yield piece;
        }
      }
      for await (const _ of decompress(counted())) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        break;
      }
      assert.ok(taken < 2 << 20, `${taken} bytes were taken`);
    });

    it('have the same bytes whatever the pieces of their input were', async () => {
      const [whole, pieces] = await Promise.all([
        joined(compress(inPieces(sample, 1 << 20), compression)),
        joined(compress(inPieces(sample, 777), compression)),
      ]);
      assert.deepEqual(whole, pieces);
    });
  });
}

describe('gzip streams', () => {
  it('name no time and no system', async () => {
    const packed = await pack(text, 'gzip');
    assert.deepEqual([...packed.subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  });

  it('may be filled up with zeros, which are read to the end of the input', async () => {
    const packed = Buffer.concat([await pack(text, 'gzip'), Buffer.alloc(3 << 20)]);
    let taken = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of inPieces(packed, 1 << 16)) {
        taken += piece.byteLength;
        yield piece;
      }
    }
    assert.deepEqual(await joined(decompress(counted())), text);
    assert.equal(taken, packed.length);
  });

  it('are refused when their checksum is wrong', async () => {
    const packed = await pack(text, 'gzip');
    packed[packed.length - 6] = (packed[packed.length - 6] ?? 0) ^ 1;
    await assert.rejects(unpack(packed, 500), malformed);
  });

  it('take a level', async () => {
    const fast = await joined(compress(inPieces(sample, 1 << 16), 'gzip', { level: 1 }));
    const none = await joined(compress(inPieces(sample, 1 << 16), 'gzip', { level: 0 }));
    assert.ok(fast.length < none.length && none.length > sample.length);
  });
});

describe('zstd streams', () => {
  it('may have frames to be skipped anywhere', async () => {
    const one = await pack(text, 'zstd');
    const packed = Buffer.concat([skippable, one, skippable, skippable, one, skippable]);
    for (const size of pieceSizes) assert.deepEqual(await unpack(packed, size), Buffer.concat([text, text]));
    assert.deepEqual(await joined(unzstdInScript(inPieces(packed, 3))), Buffer.concat([text, text]));
  });

  it('are read and written in script and wasm where Node has no zstd', async () => {
    const packed = await joined(zstdInWasm(inPieces(Buffer.concat(Array(12).fill(sample)), 50_000), 3));
    for (const size of [321, 1 << 20]) {
      const read = await joined(unzstdInScript(inPieces(packed, size)));
      assert.ok(read.equals(Buffer.concat(Array(12).fill(sample))));
    }
    assert.equal((await joined(unzstdInScript(zstdInWasm(inPieces(Buffer.alloc(0), 1), 3)))).length, 0);
  });

  it('are read as the zstd program writes them', async (t) => {
    const options = [['-1'], ['-19'], ['--long=27', '-3'], ['--no-check', '--format=zstd'], ['--rsyncable', '-T2']];
    try {
      execFileSync('zstd', ['--version']);
    } catch {
      t.skip('zstd is not installed');
      return;
    }
    for (const flags of options) {
      const packed = execFileSync('zstd', ['-c', ...flags], { input: sample });
      assert.ok((await unpack(packed, 10_000)).equals(sample), flags.join(' '));
      assert.ok((await joined(unzstdInScript(inPieces(packed, 10_000)))).equals(sample), flags.join(' '));
    }
  });

  it('are refused when they want more memory than zstd gives without being told', async () => {
    const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 18 << 3, 1, 0, 0]);
    await assert.rejects(unpack(frame, 100), { ...malformed, message: /window of 268435456 bytes/ });
    const whole = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0]);
    await assert.rejects(unpack(whole, 100), malformed);
  });

  it('are refused when tiny blocks would move a large window for hours', async () => {
    const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 17 << 3]);
    const block = Buffer.from([(1 << 3) | 2, 0, 0, 0x41]);
    const stream = Buffer.concat([header, ...Array(10_000).fill(block)]);
    await assert.rejects(joined(unzstdInScript(inPieces(stream, 1 << 16))), { ...malformed, message: /hours/ });
  });
});

describe('streams of other kinds', () => {
  it('pass through as they are when they are not compressed', async () => {
    for (const size of pieceSizes) assert.deepEqual(await unpack(text.subarray(0, 5000), size), text.subarray(0, 5000));
    assert.equal((await unpack(Buffer.alloc(0), 1)).length, 0);
    assert.deepEqual(await pack(text, 'none'), text);
  });

  it('are named and refused when they are xz or bzip2', () => {
    const unsupported = (name: RegExp) => ({ name: 'Fault', code: 'UNSUPPORTED', message: name });
    const xz = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00, 0x04]);
    const bzip2 = Buffer.from([0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59]);
    assert.throws(() => detectCompression(xz), unsupported(/xz/));
    assert.throws(() => detectCompression(bzip2), unsupported(/bzip2/));
    assert.equal(detectCompression(Buffer.from('BZh9 is a file name')), 'none');
  });

  it('are gzip and zstd for Node too', async () => {
    assert.deepEqual(zlib.gunzipSync(await pack(text, 'gzip')), text);
  });
});

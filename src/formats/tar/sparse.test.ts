import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inPieces, paxEntry, rawEntry, rawHeader, tarEnd } from '../../../tests/make/tar.ts';
import { isHole, readTar, tarParser } from './index.ts';

/** Two pieces with a hole before, between and after them. */
const pieces = [
  [100, 'first'],
  [70_000, 'second!'],
] as const;
const realSize = 200_000;
const stored = pieces.map(([, text]) => text).join('');
const expanded = Buffer.alloc(realSize);
for (const [at, text] of pieces) expanded.write(text, at);

const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`;
const pairs = (list: readonly (readonly [number, number])[]): string =>
  list.map(([at, length]) => octal(at) + octal(length)).join('');
const map = pieces.map(([at, text]) => [at, text.length] as const);
const gnu = { magic: 'ustar  \0', typeFlag: 'S' };

const oldFormat = (): Buffer => rawEntry({ ...gnu, patches: { 386: pairs(map), 483: octal(realSize) } }, stored);

/** The same map, spread with empty pieces over the header and two blocks behind it. */
function oldFormatExtended(): Buffer {
  const empty = Array.from({ length: 30 }, (_, index) => [index, 0] as const);
  const all = [...empty, ...map];
  const header = rawHeader({
    ...gnu,
    size: stored.length,
    patches: { 386: pairs(all.slice(0, 4)), 482: '\x01', 483: octal(realSize) },
  });
  const first = Buffer.alloc(512);
  first.write(pairs(all.slice(4, 25)), 0, 'latin1');
  first[504] = 1;
  const second = Buffer.alloc(512);
  second.write(pairs(all.slice(25)), 0, 'latin1');
  return Buffer.concat([header, first, second, rawEntry({}, stored).subarray(512)]);
}

const pax00 = (): Buffer =>
  Buffer.concat([
    paxEntry([
      ['GNU.sparse.size', String(realSize)],
      ['GNU.sparse.numblocks', '2'],
      ...map.flatMap(([at, length]) => [
        ['GNU.sparse.offset', String(at)] as const,
        ['GNU.sparse.numbytes', String(length)] as const,
      ]),
    ]),
    rawEntry({}, stored),
  ]);

const pax01 = (text = map.flat().join(','), size = realSize): Buffer =>
  Buffer.concat([
    paxEntry([
      ['GNU.sparse.size', String(size)],
      ['GNU.sparse.numblocks', '2'],
      ['GNU.sparse.map', text],
      ['GNU.sparse.name', 'real/name'],
    ]),
    rawEntry({ name: 'GNUSparseFile.1/name' }, stored),
  ]);

function pax10(text = `2\n${map.flat().join('\n')}\n`): Buffer {
  const filled = Buffer.alloc(Math.ceil(text.length / 512) * 512);
  filled.write(text);
  const records = [
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.minor', '0'],
    ['GNU.sparse.name', 'real/name'],
    ['GNU.sparse.realsize', String(realSize)],
  ] as const;
  return Buffer.concat([
    paxEntry(records),
    rawEntry({ name: 'GNUSparseFile.1/name' }, Buffer.concat([filled, Buffer.from(stored)])),
  ]);
}

const formats = {
  'old GNU': [oldFormat, 'file'],
  'old GNU with more blocks': [oldFormatExtended, 'file'],
  'PAX 0.0': [pax00, 'file'],
  'PAX 0.1': [pax01, 'real/name'],
  'PAX 1.0': [pax10, 'real/name'],
} as const;

async function firstOf(archive: Uint8Array, size: number) {
  for await (const { header, offset, contiguous, body } of readTar(inPieces(archive, size))) {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(Buffer.from(part));
    return { header, offset, contiguous, content: Buffer.concat(parts) };
  }
  return assert.fail('no entry');
}

describe('a sparse file', () => {
  for (const [name, [make, path]] of Object.entries(formats)) {
    it(`of ${name} is expanded with zeros, and the next entry is found`, async () => {
      const archive = Buffer.concat([make(), rawEntry({ name: 'next' }, 'n'), tarEnd]);
      for (const size of [1, 7, 321, 512, 4096, 1 << 20]) {
        const { header, offset, contiguous, content } = await firstOf(archive, size);
        assert.deepEqual([header.path, header.type, header.sizeBytes, contiguous], [path, 'file', realSize, false]);
        assert.ok(content.equals(expanded));
        assert.equal(archive.toString('latin1', offset, offset + stored.length), stored);
        const names: string[] = [];
        for await (const entry of readTar(inPieces(archive, size))) names.push(entry.header.path);
        assert.deepEqual(names, [path, 'next']);
      }
    });
  }

  it('gives a synchronous reader only what is stored', () => {
    const seen: unknown[] = [];
    const parser = tarParser({
      member: ({ header }) => ({
        write: (bytes, position) => seen.push([position, Buffer.from(bytes).toString()]),
        end: () => seen.push(header.sizeBytes),
      }),
    });
    parser.push(Buffer.concat([pax10(), tarEnd]));
    parser.end();
    assert.deepEqual(seen, [...pieces, realSize]);
  });

  it('may be one hole, as long as it likes, and is not made up in memory', async () => {
    const hole = Buffer.concat([
      paxEntry([
        ['GNU.sparse.size', String(2 ** 41)],
        ['GNU.sparse.map', `${2 ** 41},0`],
      ]),
      rawEntry({ name: 'hole' }),
      rawEntry({ name: 'next' }),
    ]);
    const names: string[] = [];
    for await (const { header, body } of readTar(inPieces(hole, 512))) {
      names.push(`${header.path} ${header.sizeBytes}`);
      let size = 0;
      for await (const part of body) {
        size += part.byteLength;
        assert.ok(isHole(part));
        if (size > 1 << 24) break;
      }
    }
    assert.deepEqual(names, [`hole ${2 ** 41}`, 'next 0']);
  });

  it('is refused when its map makes no sense', async () => {
    const wrong = {
      'does not ascend': pax01('70000,7,100,5'),
      overlaps: pax01('100,7,105,5'),
      'ends within a piece': pax01('100,5,70000'),
      'goes beyond the file': pax01('100,5,199999,7'),
      'has more than is stored': pax01('100,5,70000,8'),
      'has less than is stored': pax01('100,5'),
      'is beyond all files': pax01('100,5,70000,7', 2 ** 41 + 1),
      'has no numbers': pax01('100,5,x,7'),
      'has negative numbers': pax01('-5,5,70000,7'),
      'does not end': pax10('9\n1\n2\n'),
      'has too many pieces': pax10('100001\n'),
      'has a line without end': pax10('1'.repeat(512)),
      'begins in the middle': Buffer.concat([paxEntry([['GNU.sparse.numbytes', '5']]), rawEntry({}, stored)]),
    };
    for (const [name, archive] of Object.entries(wrong)) {
      const fault = { name: 'Fault', code: 'TAR_MALFORMED' };
      await assert.rejects(firstOf(Buffer.concat([archive, tarEnd]), 4096), fault, name);
    }
  });

  it('is refused when its blocks of old format never end', async () => {
    const header = rawHeader({ ...gnu, patches: { 482: '\x01', 483: octal(realSize) } });
    const block = Buffer.alloc(512);
    block.write(pairs(Array.from({ length: 21 }, () => [0, 0] as const)), 0, 'latin1');
    block[504] = 1;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield header;
      for (;;) yield block;
    }
    await assert.rejects(async () => {
      for await (const _ of readTar(endless())) void _;
    }, /more than 100000 pieces/);
  });
});

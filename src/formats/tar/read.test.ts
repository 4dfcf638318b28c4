import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  gnuLongEntry,
  inPieces,
  paxEntry,
  paxRecords,
  type RawFields,
  rawEntry,
  rawHeader,
  tarEnd,
} from '../../../tests/make/tar.ts';
import { readTar, type TarHeader } from './index.ts';

const pieceSizes = [1, 7, 321, 512, 4096, 1 << 20];
const malformed = (message: RegExp) => ({ name: 'Fault', code: 'TAR_MALFORMED', message });

interface Seen {
  readonly header: TarHeader;
  readonly offset: number;
  readonly contiguous: boolean;
  readonly content: Buffer;
}

async function read(archive: Uint8Array, pieces = 4096): Promise<Seen[]> {
  const seen: Seen[] = [];
  for await (const { header, offset, contiguous, body } of readTar(inPieces(archive, pieces))) {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(Buffer.from(part));
    seen.push({ header, offset, contiguous, content: Buffer.concat(parts) });
  }
  return seen;
}

/** Reads the archive in every size of pieces, and gives what all of them gave. */
async function readEveryWay(...blocks: Uint8Array[]): Promise<Seen[]> {
  const archive = Buffer.concat([...blocks, tarEnd]);
  const first = await read(archive);
  for (const pieces of pieceSizes) assert.deepEqual(await read(archive, pieces), first, `in pieces of ${pieces}`);
  return first;
}

async function theOnly(...blocks: Uint8Array[]): Promise<Seen> {
  const [entry, ...others] = await readEveryWay(...blocks);
  assert.ok(entry !== undefined && others.length === 0);
  return entry;
}

const headerOf = async (...blocks: Uint8Array[]): Promise<TarHeader> => (await theOnly(...blocks)).header;
const field = (value: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length, value < 0 ? 0xff : 0);
  bytes.writeBigInt64BE(BigInt(value), length - 8);
  bytes[0] = value < 0 ? 0xff : 0x80;
  return bytes;
};

describe('a header', () => {
  it('of ustar gives names, owner, time, permissions and where the content is', async () => {
    const entry = await theOnly(
      rawEntry(
        {
          name: 'a/b',
          mode: '0104755',
          uid: '0000012',
          gid: '0000013',
          mtime: '00000000144',
          userName: 'me',
          groupName: 'us',
        },
        'hello',
      ),
    );
    assert.deepEqual(entry, {
      header: {
        path: 'a/b',
        type: 'file',
        mode: 0o4755,
        uid: 10,
        gid: 11,
        userName: 'me',
        groupName: 'us',
        mtimeSeconds: 100,
        mtimeNanoseconds: 0,
        sizeBytes: 5,
        linkTarget: '',
        device: undefined,
        xattrs: new Map(),
      },
      offset: 512,
      contiguous: true,
      content: Buffer.from('hello'),
    });
  });

  it('of ustar joins prefix and name, which may fill their fields', async () => {
    const header = await headerOf(rawHeader({ name: 'n'.repeat(100), prefix: 'p'.repeat(155) }));
    assert.equal(header.path, `${'p'.repeat(155)}/${'n'.repeat(100)}`);
  });

  it('of GNU or v7 has no prefix, and of v7 no owner names', async () => {
    const gnu = await headerOf(rawHeader({ magic: 'ustar  \0', prefix: 'times', userName: 'me' }));
    assert.deepEqual([gnu.path, gnu.userName], ['file', 'me']);
    const v7 = await headerOf(rawHeader({ magic: '', prefix: 'rubbish', userName: 'rubbish' }));
    assert.deepEqual([v7.path, v7.userName], ['file', '']);
  });

  it('of v7 stands for a directory when its name ends in a slash', async () => {
    assert.equal((await headerOf(rawHeader({ name: 'd/', magic: '', typeFlag: '\0' }))).type, 'directory');
    assert.equal((await headerOf(rawHeader({ name: 'd', magic: '', typeFlag: '\0' }))).type, 'file');
  });

  it('tells every type of file', async () => {
    const types = await readEveryWay(...[...'01234567'].map((typeFlag) => rawHeader({ typeFlag, linkName: 'to' })));
    assert.deepEqual(
      types.map(({ header }) => header.type),
      ['file', 'hardlink', 'symlink', 'character-device', 'block-device', 'directory', 'fifo', 'file'],
    );
    assert.deepEqual(
      types.map(({ header }) => header.linkTarget),
      ['', 'to', 'to', '', '', '', '', ''],
    );
  });

  it('gives the numbers of devices', async () => {
    const device = { deviceMajor: '0000010', deviceMinor: '0000377' };
    const header = await headerOf(rawHeader({ typeFlag: '3', ...device }));
    assert.deepEqual(header.device, { major: 8, minor: 255 });
    assert.equal((await headerOf(rawHeader(device))).device, undefined);
  });

  it('may have a checksum that was added up with signed bytes', async () => {
    const good = rawHeader({ name: 'h\xe9llo' });
    const signed = good.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : (byte << 24) >> 24), 0);
    const header = await headerOf(
      rawHeader({ name: Buffer.from('h\xe9llo', 'latin1'), checksum: `${signed.toString(8).padStart(6, '0')}\0 ` }),
    );
    assert.equal(header.path, 'h\udce9llo');
  });

  it('is refused with a wrong checksum', async () => {
    await assert.rejects(
      read(Buffer.concat([rawHeader({ checksum: '000000\0 ' }), tarEnd])),
      malformed(/byte 0 .*checksum/),
    );
    const second = Buffer.concat([rawEntry({}, 'x'), rawHeader({ checksum: '777777\0 ' })]);
    await assert.rejects(read(second), malformed(/byte 1024 .*checksum/));
  });

  it('may have numbers among spaces and NULs, or none', async () => {
    const numbers: RawFields = { mode: '  644 \0x', uid: ' \x0012 \0', gid: '\0\0\0\0', mtime: '          7 ' };
    const header = await headerOf(rawHeader(numbers));
    assert.deepEqual([header.mode, header.uid, header.gid, header.mtimeSeconds], [0o644, 10, 0, 7]);
  });

  it('is refused with something else than numbers', async () => {
    for (const wrong of [{ mode: '000064x' }, { uid: '-000001' }, { size: '12 34' }, { mtime: '0x10' }]) {
      const [name = ''] = Object.keys(wrong);
      await assert.rejects(read(Buffer.concat([rawHeader(wrong), tarEnd])), malformed(new RegExp(`"${name}"`)));
    }
  });

  it('may have numbers in base 256, also below zero', async () => {
    for (const seconds of [-1, -5, -256, -2_208_988_800, 0, 5, 2 ** 35, 2 ** 50]) {
      assert.equal((await headerOf(rawHeader({ mtime: field(seconds, 12) }))).mtimeSeconds, seconds);
    }
    assert.equal((await headerOf(rawHeader({ uid: field(4_294_967_294, 8) }))).uid, 4_294_967_294);
    assert.equal((await theOnly(rawEntry({ size: field(3, 12) }, 'abc'))).content.toString(), 'abc');
  });

  it('is refused with a size or an owner that is negative or beyond all files', async () => {
    const huge = Buffer.alloc(12, 0x7f).fill(0xbf, 0, 1);
    for (const wrong of [{ size: field(-1, 12) }, { size: huge }, { uid: field(-2, 8) }]) {
      await assert.rejects(read(Buffer.concat([rawHeader(wrong), tarEnd])), malformed(/byte 0/));
    }
  });

  it('of an unknown type is a regular file', async () => {
    const entries = await readEveryWay(rawEntry({ typeFlag: 'Z' }, 'abc'), rawEntry({ name: 'next' }));
    assert.deepEqual(
      entries.map(({ header, content }) => [header.path, header.type, content.toString()]),
      [
        ['file', 'file', 'abc'],
        ['next', 'file', ''],
      ],
    );
  });

  it('that only labels a volume is left out, and one that goes on with a file is refused', async () => {
    const entries = await readEveryWay(rawEntry({ typeFlag: 'V', name: 'label' }), rawEntry({ name: 'next' }));
    assert.deepEqual(
      entries.map(({ header }) => header.path),
      ['next'],
    );
    await assert.rejects(read(Buffer.concat([rawEntry({ typeFlag: 'M' }, 'rest'), tarEnd])), malformed(/volume/));
  });

  it('of an incremental directory is a directory whose list is skipped', async () => {
    const entries = await readEveryWay(
      rawEntry({ typeFlag: 'D', name: 'd/' }, 'Yfile\0\0'),
      rawEntry({ name: 'next' }),
    );
    assert.deepEqual(
      entries.map(({ header, content }) => [header.type, header.sizeBytes, content.length]),
      [
        ['directory', 0, 0],
        ['file', 0, 0],
      ],
    );
  });

  it('of a link, directory or device has no content, whatever its size says', async () => {
    for (const typeFlag of '123456') {
      const header = rawHeader({ typeFlag, size: 1000, linkName: 'to' });
      const entries = await readEveryWay(header, rawEntry({ name: 'next' }, 'body'));
      assert.deepEqual(
        entries.map((entry) => [entry.header.sizeBytes, entry.content.toString()]),
        [
          [0, ''],
          [4, 'body'],
        ],
        typeFlag,
      );
    }
  });

  it('keeps the bytes of names that are not UTF-8', async () => {
    const name = Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0x80]);
    assert.equal((await headerOf(rawHeader({ name }))).path, 'a\udcff\u00e9\udc80');
    assert.equal((await headerOf(paxEntry([['path', name]]), rawHeader({}))).path, 'a\udcff\u00e9\udc80');
  });
});

describe('a PAX header', () => {
  it('replaces what stands in the next header, and in no other', async () => {
    const pax = paxEntry([
      ['path', 'a/\u00fcber'],
      ['size', '5'],
      ['uid', '3000000'],
      ['gid', '4000000'],
      ['uname', 'm\u00e9'],
      ['gname', 'n\u00f3s'],
      ['mtime', '12.0000000089'],
    ]);
    const [first, second] = await readEveryWay(pax, rawEntry({ size: 0 }, 'hello'), rawEntry({}, 'x'));
    const { xattrs, device, linkTarget, mode, type, ...rest } = first?.header ?? {};
    assert.deepEqual(rest, {
      path: 'a/\u00fcber',
      uid: 3_000_000,
      gid: 4_000_000,
      userName: 'm\u00e9',
      groupName: 'n\u00f3s',
      mtimeSeconds: 12,
      mtimeNanoseconds: 8,
      sizeBytes: 5,
    });
    assert.deepEqual([first?.content.toString(), first?.offset], ['hello', 1536]);
    assert.deepEqual([second?.header.path, second?.content.toString()], ['file', 'x']);
  });

  it('gives link targets', async () => {
    const long = 'x/'.repeat(200);
    for (const typeFlag of '12') {
      const header = await headerOf(paxEntry([['linkpath', long]]), rawHeader({ typeFlag, linkName: 'short' }));
      assert.equal(header.linkTarget, long);
    }
  });

  it('gives times before 1970 and parts of seconds', async () => {
    const times = [
      ['-1.5', -2, 500_000_000],
      ['-0.000000001', -1, 999_999_999],
      ['-3', -3, 0],
      ['-0.0', 0, 0],
      ['1350244992.023960108', 1_350_244_992, 23_960_108],
      ['7.', 7, 0],
    ] as const;
    for (const [text, seconds, nanoseconds] of times) {
      const header = await headerOf(paxEntry([['mtime', text]]), rawHeader({}));
      assert.deepEqual([header.mtimeSeconds, header.mtimeNanoseconds], [seconds, nanoseconds], text);
    }
  });

  it('gives xattrs as bytes, also with line ends and NULs', async () => {
    const capability = Buffer.from([1, 0, 0, 2, 0x0a, 0xff, 0x3d, 0x80, 0]);
    const header = await headerOf(paxEntry([['SCHILY.xattr.security.capability', capability]]), rawHeader({}));
    assert.deepEqual(header.xattrs, new Map([['security.capability', capability]]));
  });

  it('gives xattrs of libarchive, where no other record has them', async () => {
    const pax = paxEntry([
      ['LIBARCHIVE.xattr.user.a%3Db', Buffer.from([255, 1]).toString('base64')],
      ['LIBARCHIVE.xattr.user.c', Buffer.from('no').toString('base64')],
      ['SCHILY.xattr.user.c', 'yes'],
    ]);
    const { xattrs } = await headerOf(pax, rawHeader({}));
    assert.deepEqual(
      new Map([...xattrs].sort()),
      new Map([
        ['user.a=b', Buffer.from([255, 1])],
        ['user.c', Buffer.from('yes')],
      ]),
    );
  });

  it('gives the numbers of devices beyond the header', async () => {
    const pax = paxEntry([
      ['SCHILY.devmajor', '5000000'],
      ['SCHILY.devminor', '6000000'],
    ]);
    assert.deepEqual((await headerOf(pax, rawHeader({ typeFlag: '4' }))).device, {
      major: 5_000_000,
      minor: 6_000_000,
    });
  });

  it('may hold names with line ends, and the last of two equal records', async () => {
    const pax = paxEntry([
      ['path', 'first'],
      ['path', 'two\nlines=1'],
      ['comment', ''],
    ]);
    assert.equal((await headerOf(pax, rawHeader({}))).path, 'two\nlines=1');
  });

  it('says nothing with an empty value', async () => {
    assert.equal(
      (
        await headerOf(
          paxEntry([
            ['path', ''],
            ['uid', ''],
          ]),
          rawHeader({ uid: '0000007' }),
        )
      ).uid,
      7,
    );
  });

  it('is replaced by a second one', async () => {
    const header = await headerOf(
      paxEntry([
        ['path', 'one'],
        ['uid', '5'],
      ]),
      paxEntry([['path', 'two']]),
      rawHeader({}),
    );
    assert.deepEqual([header.path, header.uid], ['two', 0]);
  });

  it('that is global holds until another one, for all that have no record of their own', async () => {
    const entries = await readEveryWay(
      paxEntry(
        [
          ['uid', '7'],
          ['gname', 'all'],
          ['SCHILY.xattr.user.a', 'v'],
        ],
        { typeFlag: 'g' },
      ),
      rawHeader({ name: 'one' }),
      paxEntry([
        ['uid', '8'],
        ['gname', ''],
      ]),
      rawHeader({ name: 'two', groupName: 'own' }),
      paxEntry(
        [
          ['uid', '9'],
          ['gname', ''],
        ],
        { typeFlag: 'g' },
      ),
      rawHeader({ name: 'three' }),
    );
    assert.deepEqual(
      entries.map(({ header }) => [header.path, header.uid, header.groupName, header.xattrs.size]),
      [
        ['one', 7, 'all', 1],
        ['two', 8, 'own', 1],
        ['three', 9, '', 1],
      ],
    );
  });

  it('that is global may end the archive, and one for a single entry may not', async () => {
    assert.deepEqual(await readEveryWay(paxEntry([['comment', 'x']], { typeFlag: 'g' })), []);
    for (const end of [tarEnd, Buffer.alloc(0)]) {
      await assert.rejects(read(Buffer.concat([paxEntry([['path', 'x']]), end])), malformed(/none follows/));
    }
  });

  it('is refused when a record is broken', async () => {
    const good = paxRecords([['path', 'x']]).toString();
    const broken = [
      '8 path=x\n',
      '99 path=x\n',
      'x path=x\n',
      '9 path=x ',
      '7 path\n',
      '5 =x\n',
      '0 a=b\n',
      ' 9 path=x\n',
      good.slice(0, -1),
      `${good}\0`,
    ];
    for (const text of broken) {
      const archive = Buffer.concat([rawEntry({ typeFlag: 'x' }, text), rawHeader({}), tarEnd]);
      await assert.rejects(read(archive), malformed(/broken record/), JSON.stringify(text));
    }
  });

  it('is refused with a NUL in a name or something else than numbers', async () => {
    const wrong = [
      ['path', 'a\0b'],
      ['SCHILY.xattr.a\0b', 'x'],
      ['size', '-1'],
      ['size', '1e3'],
      ['uid', '99999999999999999999'],
      ['mtime', 'now'],
    ] as const;
    for (const record of wrong) {
      await assert.rejects(read(Buffer.concat([paxEntry([record]), rawHeader({}), tarEnd])), malformed(/./), record[0]);
    }
  });

  it('is refused beyond one mebibyte before its content is read', async () => {
    for (const typeFlag of ['x', 'g', 'L', 'K']) {
      const header = rawHeader({ typeFlag, size: 2 ** 40 / 1024 });
      await assert.rejects(read(header), malformed(/more than 1048576/));
    }
    const global = paxEntry([['SCHILY.xattr.user.a', Buffer.alloc(600_000)]], { typeFlag: 'g' });
    const other = paxEntry([['SCHILY.xattr.user.b', Buffer.alloc(600_000)]], { typeFlag: 'g' });
    await assert.rejects(read(Buffer.concat([global, other])), malformed(/global PAX records/));
  });
});

describe("GNU's long names", () => {
  it('replace path and link target of the next entry', async () => {
    const name = 'd/'.repeat(150);
    const [first, second] = await readEveryWay(
      gnuLongEntry('K', 't'.repeat(300)),
      gnuLongEntry('L', name),
      rawHeader({ typeFlag: '2', magic: 'ustar  \0' }),
      rawHeader({ name: 'next' }),
    );
    assert.deepEqual([first?.header.path, first?.header.linkTarget], [name, 't'.repeat(300)]);
    assert.equal(second?.header.path, 'next');
  });

  it('are refused beyond what Linux can name', async () => {
    const archive = Buffer.concat([gnuLongEntry('L', 'x'.repeat(4097)), rawHeader({}), tarEnd]);
    await assert.rejects(read(archive), malformed(/path of 4097 bytes/));
    assert.equal((await headerOf(gnuLongEntry('L', 'x'.repeat(4096)), rawHeader({}))).path.length, 4096);
  });
});

describe('the end of an archive', () => {
  const one = rawEntry({}, 'hello');

  it('is two blocks of zeros, or one, or the end of the input between two entries', async () => {
    for (const end of [tarEnd, tarEnd.subarray(512), Buffer.alloc(0), Buffer.alloc(10_240)]) {
      for (const pieces of pieceSizes) assert.equal((await read(Buffer.concat([one, end]), pieces)).length, 1);
    }
    assert.deepEqual(await read(Buffer.alloc(0)), []);
  });

  it('may come before the last file is filled up', async () => {
    for (const cut of [1, 500, 507]) assert.equal((await read(one.subarray(0, one.length - cut))).length, 1);
  });

  it('hides what follows it, which is read nevertheless', async () => {
    const archive = Buffer.concat([one, tarEnd.subarray(512), rawHeader({}), Buffer.alloc(100_000, 'x')]);
    let taken = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const piece of inPieces(archive, 1000)) {
        taken += piece.byteLength;
        yield piece;
      }
    }
    let entries = 0;
    for await (const _ of readTar(counted())) entries++;
    assert.deepEqual([entries, taken], [1, archive.length]);
  });

  it('is a Fault within a header or the content of a file', async () => {
    for (const pieces of pieceSizes) {
      for (const length of [1, 100, 511]) {
        await assert.rejects(read(one.subarray(0, length), pieces), malformed(/byte 0 is cut short/));
        await assert.rejects(
          read(Buffer.concat([one, one.subarray(0, length)]), pieces),
          malformed(/byte 1024 is cut short/),
        );
      }
      for (const length of [512, 516]) {
        await assert.rejects(read(one.subarray(0, length), pieces), malformed(/cut short: \d bytes/));
      }
    }
  });

  it('is a Fault within content that nobody reads', async () => {
    const skimmed = async (): Promise<void> => {
      for await (const _ of readTar(inPieces(one.subarray(0, 514), 100))) void _;
    };
    await assert.rejects(skimmed(), malformed(/cut short: 3 bytes/));
  });
});

describe('the body of an entry', () => {
  const archive = Buffer.concat([rawEntry({ name: 'a' }, 'x'.repeat(3000)), rawEntry({ name: 'b' }, 'second'), tarEnd]);

  it('need not be read, or not to its end', async () => {
    for (const pieces of pieceSizes) {
      const seen: string[] = [];
      for await (const { header, body } of readTar(inPieces(archive, pieces))) {
        for await (const part of body) {
          seen.push(`${header.path}${String.fromCharCode(part[0] ?? 0)}`);
          break;
        }
      }
      assert.deepEqual(seen, ['ax', 'bs']);
    }
  });

  it('goes on where a loop was left', async () => {
    for await (const { header, body } of readTar(inPieces(archive, 1000))) {
      let size = 0;
      for (let loops = 0; loops < 20; loops++) {
        for await (const part of body) {
          size += part.byteLength;
          break;
        }
      }
      assert.equal(size, header.sizeBytes);
    }
  });

  it('cannot be read after the next entry was asked for', async () => {
    const bodies: AsyncIterable<Uint8Array>[] = [];
    for await (const { body } of readTar(inPieces(archive, 1000))) bodies.push(body);
    await assert.rejects(async () => {
      for await (const _ of bodies[0] ?? []) void _;
    }, /after the next entry/);
  });

  it('closes the input when the reader stops', async () => {
    let closed = false;
    async function* watched(): AsyncGenerator<Uint8Array> {
      try {
        yield* inPieces(archive, 512);
      } finally {
        closed = true;
      }
    }
    for await (const _ of readTar(watched())) break;
    assert.ok(closed);
  });
});

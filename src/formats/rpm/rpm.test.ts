import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { berkeleyFile, ndbFile, rpmHeader } from '../../../tests/make/rpm.ts';
import { sqliteFile } from '../../../tests/make/sqlite.ts';
import { filesOfRpmHeader, parseRpmHeader, rpmBlobs } from './index.ts';

const many = Array.from({ length: 300 }, (_, at) => `/usr/share/doc/file-${at}`);
const headers = [
  rpmHeader({ name: 'bash', version: '5.2', release: '1.fc40', epoch: 1, requires: ['libc.so.6'], provides: ['sh'] }),
  rpmHeader({ name: 'glibc', files: ['/usr/lib64/libc.so.6', '/etc/rpc', '/usr/lib64'] }),
  rpmHeader({ name: 'docs', files: many }),
];
const formats = {
  sqlite: (blobs: readonly Uint8Array[]) => sqliteFile('Packages', blobs),
  ndb: ndbFile,
  'little-endian Berkeley DB': (blobs: readonly Uint8Array[]) => berkeleyFile([Buffer.of(3, 0, 0, 0), ...blobs]),
  'big-endian Berkeley DB': (blobs: readonly Uint8Array[]) => berkeleyFile(blobs, false),
};
const namesIn = (file: Uint8Array) => [...(rpmBlobs(file) ?? [])].flatMap((blob) => parseRpmHeader(blob)?.name ?? []);

describe('parseRpmHeader', () => {
  it('reads name, version, release, epoch and relations', () => {
    const bash = parseRpmHeader(headers[0] ?? Buffer.alloc(0));
    assert.deepEqual(bash, {
      name: 'bash',
      version: '5.2',
      release: '1.fc40',
      epoch: 1,
      architecture: 'x86_64',
      sourceRpm: 'bash-1-1.src.rpm',
      sizeBytes: 4096,
      requires: ['libc.so.6'],
      recommends: [],
      suggests: [],
      provides: ['sh'],
    });
  });

  it('puts the names of files together from their directories', () => {
    const files = filesOfRpmHeader(headers[1] ?? Buffer.alloc(0));
    assert.deepEqual(files, ['/usr/lib64/libc.so.6', '/etc/rpc', '/usr/lib64']);
    assert.deepEqual(filesOfRpmHeader(headers[2] ?? Buffer.alloc(0)), many);
  });

  it('takes nothing for a header that is none', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(8), Buffer.alloc(64, 0xff), headers[0]?.subarray(0, 40)]) {
      assert.equal(bytes && parseRpmHeader(bytes), undefined);
      assert.deepEqual(bytes && filesOfRpmHeader(bytes), []);
    }
  });
});

describe('rpmBlobs', () => {
  for (const [format, make] of Object.entries(formats)) {
    it(`finds every package of a ${format} file, short and long ones`, () => {
      const file = make(headers);
      assert.deepEqual(namesIn(file), ['bash', 'glibc', 'docs']);
      assert.ok([...(rpmBlobs(file) ?? [])].some((blob) => Buffer.compare(blob, headers[2] ?? blob) === 0));
      assert.deepEqual(namesIn(make([])), []);
    });

    it(`survives a ${format} file with any damage`, () => {
      const good = make(headers);
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 16 }), (changes) => {
          const bytes = Buffer.from(good);
          for (const [at, value] of changes) bytes[at] = value;
          const names = namesIn(bytes);
          assert.ok(names.length < 1000);
        }),
        { numRuns: 300 },
      );
      for (let end = 0; end < good.length; end += 97) namesIn(good.subarray(0, end));
    });
  }

  it('knows no other format', () => {
    assert.equal(rpmBlobs(Buffer.from('text')), undefined);
    assert.equal(rpmBlobs(Buffer.alloc(4096)), undefined);
    assert.deepEqual(namesIn(sqliteFile('Other', headers)), []);
  });

  it('does not follow overflow pages that go in circles for ever', () => {
    const file = sqliteFile('Packages', [headers[2] ?? Buffer.alloc(0)]);
    const overflow = 3 * 512;
    file.writeUInt32BE(4, overflow);
    assert.ok(namesIn(file).length <= 1);
  });
});

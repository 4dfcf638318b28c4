import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { inPieces, makeTar, type TarSpec, tarItem } from '../../../tests/make/tar.ts';
import { bytesSource } from '../../kit/index.ts';
import { readTar, type TarHeader, writeTar } from './index.ts';

async function headersOf(archive: Uint8Array): Promise<TarHeader[]> {
  const headers: TarHeader[] = [];
  for await (const { header } of readTar(inPieces(archive, 1 << 16))) headers.push(header);
  return headers;
}

const typeFlagOf = (archive: Buffer): string => archive.toString('latin1', 156, 157);
const impossible = { name: 'Fault', code: 'TAR_MALFORMED' };

describe('writing an archive', () => {
  it('takes one ustar header where everything fits', async () => {
    const spec: TarSpec = {
      path: 'd/file',
      content: 'hi',
      mode: 0o4755,
      uid: 2_097_151,
      gid: 7,
      userName: 'u',
      groupName: 'g',
      mtimeSeconds: 8_589_934_591,
    };
    const archive = await makeTar([spec]);
    assert.equal(archive.length, 512 + 512 + 1024);
    assert.equal(archive.toString('latin1', 257, 265), 'ustar\x0000');
    assert.deepEqual(await headersOf(archive), [tarItem(spec).header]);
  });

  it('splits long paths at a slash where ustar can hold them', async () => {
    const path = `${'p'.repeat(155)}/${'n'.repeat(100)}`;
    const archive = await makeTar([{ path, content: 'x' }]);
    assert.equal(typeFlagOf(archive), '0');
    assert.equal((await headersOf(archive))[0]?.path, path);
    assert.equal(typeFlagOf(await makeTar([{ path: `${path}n` }])), 'x');
    assert.equal(typeFlagOf(await makeTar([{ path: `${'d'.repeat(100)}/` }])), 'x');
  });

  it('takes a PAX header with sorted records for all that does not fit, named after the path', async () => {
    const spec: TarSpec = {
      path: `dir/${'\u00e9'.repeat(60)}`,
      content: 'x',
      uid: 2_097_152,
      gid: 3_000_000_000,
      userName: 'm\u00e9',
      groupName: 'g'.repeat(33),
      mtimeSeconds: -2,
      mtimeNanoseconds: 500_000_000,
      xattrs: { 'user.b': 'later', 'user.a': Buffer.from([0, 10, 255]) },
    };
    const archive = await makeTar([spec]);
    assert.equal(typeFlagOf(archive), 'x');
    assert.match(archive.toString('latin1', 0, 100), /^dir\/PaxHeaders\.0\0+$/);
    const records = archive
      .subarray(512, 512 + Number.parseInt(archive.toString('latin1', 124, 135), 8))
      .toString('latin1');
    const keys = [...records.matchAll(/(?:^|\n)\d+ ([A-Za-z.]+)=/g)].map(([, key]) => key);
    assert.deepEqual(keys, [
      'SCHILY.xattr.user.a',
      'SCHILY.xattr.user.b',
      'gid',
      'gname',
      'mtime',
      'path',
      'uid',
      'uname',
    ]);
    assert.match(records, /mtime=-1\.5\n/);
    assert.deepEqual(await headersOf(archive), [tarItem(spec).header]);
  });

  it('gives directories a slash, and links, fifos and devices no content', async () => {
    const archive = await makeTar([
      { path: 'd', type: 'directory' },
      { path: 's', linkTarget: 't'.repeat(200) },
      { path: 'h', type: 'hardlink', linkTarget: 'd/\u00fc', sizeBytes: 9 },
      { path: 'f', type: 'fifo' },
      { path: 'c', type: 'character-device', device: { major: 1, minor: 3 } },
      { path: 'b', type: 'block-device', device: { major: 259, minor: 1_048_575 } },
    ]);
    assert.deepEqual(
      (await headersOf(archive)).map(({ path, type, linkTarget, device, sizeBytes }) => [
        path,
        type,
        linkTarget,
        device,
        sizeBytes,
      ]),
      [
        ['d/', 'directory', '', undefined, 0],
        ['s', 'symlink', 't'.repeat(200), undefined, 0],
        ['h', 'hardlink', 'd/\u00fc', undefined, 0],
        ['f', 'fifo', '', undefined, 0],
        ['c', 'character-device', '', { major: 1, minor: 3 }, 0],
        ['b', 'block-device', '', { major: 259, minor: 1_048_575 }, 0],
      ],
    );
  });

  it('writes the size of files over 8 GiB as a record', async () => {
    const { header } = tarItem({ path: 'big', sizeBytes: 2 ** 33 });
    const written: Uint8Array[] = [];
    const failing = async (): Promise<void> => {
      for await (const part of writeTar([{ header, body: bytesSource(Buffer.alloc(1 << 20)) }])) written.push(part);
    };
    await assert.rejects(failing(), impossible);
    assert.match(Buffer.concat(written).toString('latin1'), /19 size=8589934592\n/);
  });

  it('gives the same bytes for the same items, and ends with two blocks of zeros', async () => {
    const specs: TarSpec[] = [
      { path: 'a/' },
      { path: 'a/b', content: 'x'.repeat(600_000), xattrs: { 'user.z': '1', 'user.y': '2' } },
    ];
    const [one, two] = [await makeTar(specs), await makeTar(specs)];
    assert.deepEqual(one, two);
    assert.deepEqual(one.subarray(-1024), Buffer.alloc(1024));
    assert.deepEqual(await makeTar([]), Buffer.alloc(1024));
  });

  it('refuses content that is not as long as its header says', async () => {
    for (const sizeBytes of [0, 3, 5, 1_000_000]) {
      await assert.rejects(makeTar([{ path: 'f', content: 'four', sizeBytes }]), {
        ...impossible,
        message: /bytes than the/,
      });
    }
  });

  it('refuses what no archive can hold', async () => {
    const wrong: TarSpec[] = [
      { path: '' },
      { path: 'a\0b' },
      { path: 'l', type: 'symlink', linkTarget: '' },
      { path: 'l', type: 'symlink', linkTarget: 'a\0b' },
      { path: 'x'.repeat(4096) },
      { path: 'f', uid: -1 },
      { path: 'f', mtimeSeconds: 0.5 },
      { path: 'f', mtimeNanoseconds: 1e9 },
      { path: 'f', xattrs: { 'user.a=b': '' } },
      { path: 'f', xattrs: { '': '' } },
      { path: 'f', xattrs: { 'user.a': Buffer.alloc(600_000) } },
      { path: 'c', type: 'character-device' },
      { path: 'c', type: 'character-device', device: { major: 2 ** 21, minor: 0 } },
      { path: 'f', device: { major: 1, minor: 1 } },
    ];
    for (const spec of wrong) await assert.rejects(makeTar([spec]), impossible, JSON.stringify(spec).slice(0, 100));
  });
});

/** Everything that other tools are asked to read. */
const rich: TarSpec[] = [
  { path: 'dir/' },
  { path: 'dir/plain', content: 'plain text', mode: 0o6755, uid: 12, gid: 34, mtimeSeconds: 1_234_567_890 },
  { path: `dir/${'long/'.repeat(40)}name`, content: 'x'.repeat(1000) },
  { path: `dir/${'b\u00e4r-\u6f22'.repeat(30)}`, content: 'utf-8', uid: 3_000_000 },
  { path: 'dir/old', content: '', mtimeSeconds: -100_000, mtimeNanoseconds: 250_000_000 },
  { path: 'dir/xattr', content: 'x', xattrs: { 'user.binary': Buffer.from([0, 1, 0x0a, 0xff, 0x80]) } },
  { path: 'dir/sym', linkTarget: `../${'t/'.repeat(80)}end` },
  { path: 'dir/hard', type: 'hardlink', linkTarget: 'dir/plain' },
  { path: 'dir/fifo', type: 'fifo' },
  { path: 'dir/null', type: 'character-device', device: { major: 1, minor: 3 } },
  { path: 'dir/tabs\tand\nlines', content: 'odd' },
];

/** Gives the path of the archive to `check`, or says why it cannot. */
async function withTool(t: TestContext, tool: string, check: (file: string) => void): Promise<void> {
  if (spawnSync(tool, ['--version']).error !== undefined) {
    t.skip(`${tool} is not installed`);
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'osless-tar-'));
  try {
    writeFileSync(join(directory, 'rich.tar'), await makeTar(rich));
    check(join(directory, 'rich.tar'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('what is written', () => {
  it('is read by GNU tar without a warning', (t) =>
    withTool(t, 'tar', (file) => {
      const options = ['--numeric-owner', '--quoting-style=literal', '--full-time', '--utc', '-tvf', file];
      const { stdout, stderr, status } = spawnSync('tar', options, { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
      assert.deepEqual([stderr.toString(), status], ['', 0]);
      const lines = stdout.toString();
      assert.match(lines, /^drwxr-xr-x 0\/0 +0 1970-01-01 00:00:00 dir\/$/m);
      assert.match(lines, /^-rwsr-sr-x 12\/34 +10 2009-02-13 23:31:30 dir\/plain$/m);
      assert.match(lines, /^-rw-r--r-- 3000000\/0 +5 .* dir\/(b\u00e4r-\u6f22){30}$/m);
      // GNU tar 1.34 sets the right time and shows another one, -(99999.75) as seconds and their complement
      assert.match(lines, /1969-12-30 20:13:2(0\.25|1\.75) dir\/old$/m);
      assert.match(lines, / dir\/sym -> \.\.\/(t\/){80}end$/m);
      assert.match(lines, /^hrw-r--r-- 0\/0 +0 .* dir\/hard link to dir\/plain$/m);
      assert.match(lines, /^crw-r--r-- 0\/0 +1,3 .* dir\/null$/m);
      assert.match(execFileSync('tar', ['--xattrs', '-tvvf', file]).toString(), /x: 5 user\.binary/);
    }));

  it("is read by Python's tarfile with the same values", (t) =>
    withTool(t, 'python3', (file) => {
      const script = `
import json, sys, tarfile
for m in tarfile.open(sys.argv[1], errors='surrogateescape'):
    body = m.isreg() and not m.islnk()
    print(json.dumps([m.name, m.type.decode(), m.mode, m.uid, m.gid, m.size if body else 0, float(m.mtime), m.linkname, m.devmajor, m.devminor]))`;
      const seen = execFileSync('python3', ['-c', script, file], { timeout: 30_000 }).toString().trim().split('\n');
      const flags = {
        file: '0',
        hardlink: '1',
        symlink: '2',
        'character-device': '3',
        'block-device': '4',
        directory: '5',
        fifo: '6',
      };
      const wanted = rich.map((spec) => {
        const { header } = tarItem(spec);
        const device = header.device ?? { major: 0, minor: 0 };
        const time = header.mtimeSeconds + header.mtimeNanoseconds / 1e9;
        const { mode, uid, gid, sizeBytes, linkTarget } = header;
        return [
          header.path.replace(/\/$/, ''),
          flags[header.type],
          mode,
          uid,
          gid,
          sizeBytes,
          time,
          linkTarget,
          device.major,
          device.minor,
        ];
      });
      assert.deepEqual(
        seen.map((line) => JSON.parse(line)),
        wanted,
      );
    }));
});

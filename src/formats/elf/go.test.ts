import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../tests/make/elf.ts';
import { bytesSource } from '../../kit/index.ts';
import { goBuildInfo, parseElf } from './index.ts';

/** As cmd/link writes it since Go 1.18, in the constants rather than in a section of its own. */
function buildInfo(goVersion: string, lines: string): string {
  const text = (value: string) => {
    const length = Buffer.byteLength(value, 'latin1');
    return `${String.fromCharCode((length & 0x7f) | 0x80, length >> 7)}${value}`;
  };
  const sentinel = 's'.repeat(16);
  return `\xff Go buildinf:\x08\x02${'\0'.repeat(16)}${text(goVersion)}${text(`${sentinel}${lines}${sentinel}`)}`;
}

async function infoOf(note: string) {
  // A writable segment begins with the dynamic section; a made file has room for nothing else there.
  const bytes = Buffer.concat([elf({ needs: [], sectionHeaders: false }), Buffer.alloc(4096)]);
  const source = bytesSource(bytes);
  const found = await parseElf(source);
  assert.ok(found);
  const data = found.segments.find(({ type, flags }) => type === 1 && flags === 6);
  assert.ok(data);
  bytes.write(note, data.offset + 512, 'latin1');
  const segments = found.segments.map((segment) => (segment === data ? { ...data, fileSize: 4096 } : segment));
  return goBuildInfo(source, { ...found, segments });
}

describe('goBuildInfo', () => {
  it('reads version, module, dependencies and settings', async () => {
    const lines = [
      'path\texample.com/app/cmd/app',
      'mod\texample.com/app\tv1.2.3\th1:sum=',
      'dep\texample.com/lib\tv0.1.0\th1:sum=',
      'build\tCGO_ENABLED=0',
      'build\t-ldflags="-s -w"',
      'build\t-tags=netgo,osusergo',
      '',
    ];
    const info = await infoOf(buildInfo('go1.22.3', lines.join('\n')));
    assert.equal(info?.goVersion, 'go1.22.3');
    assert.equal(info.path, 'example.com/app/cmd/app');
    assert.deepEqual(info.module, { path: 'example.com/app', version: 'v1.2.3' });
    assert.deepEqual(info.dependencies, [{ path: 'example.com/lib', version: 'v0.1.0' }]);
    assert.deepEqual(Object.fromEntries(info.settings), {
      CGO_ENABLED: '0',
      '-ldflags': '-s -w',
      '-tags': 'netgo,osusergo',
    });
  });

  it('finds nothing in what Go did not build, or where the note is damaged', async () => {
    assert.equal(await infoOf(''), undefined);
    assert.equal(await infoOf(`\xff Go buildinf:\x08\x02${'\0'.repeat(16)}\xff\xff\xff\xff\x7f`), undefined);
    assert.equal(await infoOf(`\xff Go buildinf:\x08\x02${'\0'.repeat(16)}\xff\xff\xff\xff\xff`), undefined);
  });
});

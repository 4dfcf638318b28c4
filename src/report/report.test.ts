import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PackedFile, PackSummary } from '../jobs/pack/index.ts';
import { imagePath } from '../kit/index.ts';
import { formatAgo } from './ago.ts';
import { imagesText } from './images.ts';
import { packText } from './pack.ts';
import { formatTable } from './table.ts';
import { whyText } from './why.ts';

const file = (path: string, rule: string, by?: string, more: Partial<PackedFile> = {}): PackedFile => ({
  path: imagePath(path),
  level: 'needed',
  because: [{ rule, by: by === undefined ? undefined : imagePath(by), detail: `for ${rule}` }],
  kind: 'file',
  sizeBytes: 1000,
  ...more,
});

const summary: PackSummary = {
  schema: 'osless.pack/1',
  program: '/bin/app',
  image: { digest: null, sizeBytes: 3000, compressedBytes: 4000, fileCount: 3, platform: 'linux/amd64' },
  files: [
    file('/bin/app', 'program'),
    file('/lib', 'library', '/bin/app', { kind: 'directory', sizeBytes: 0 }),
    file('/lib/a.so', 'library', '/bin/app'),
    file('/lib/b.so', 'library', '/lib/a.so', { level: 'likely' }),
  ],
  leftOut: [file('/usr/share/x', 'data', '/bin/app', { level: 'possible' })],
  missing: [],
  notes: ['a note'],
  verified: { static: { starts: 'yes', cause: null, missing: [], says: null }, ran: null },
};

describe('packText', () => {
  it('tells size, number of files, what brought them, what was left out, and what to type next', () => {
    assert.equal(
      packText(summary, ['app']),
      [
        '/bin/app → app (linux/amd64)',
        '3kB in 3 files:',
        '  library   2 files   2kB',
        '  program   1 file    1kB',
        'left out: 1 file, 1kB, that it might read (--keep possible takes them)',
        'a note',
        'starts: yes, as far as can be told without running it',
        'next: osless run app',
      ].join('\n'),
    );
  });

  it('names no next command for an image that went to a pipe or nowhere', () => {
    assert.doesNotMatch(packText(summary, []), /next:/);
    assert.doesNotMatch(packText(summary, ['-']), /next:/);
    assert.match(packText(summary, ['-', 'oci:dir']), /next: osless run oci:dir$/);
  });

  it('says why a program cannot start, and what it does otherwise in the image', () => {
    const verdict = { starts: 'no', cause: 'lib-missing', missing: ['x'], says: 'x is nowhere' } as const;
    assert.match(packText({ ...summary, verified: { static: verdict, ran: null } }, []), /^starts: no: x is nowhere$/m);
    const [full, packed] = [
      { exitCode: 0, stdout: 'a\nb\n', stderr: '' },
      { exitCode: 1, stdout: 'a\nc\n', stderr: '' },
    ];
    const ran = { args: ['-v'], same: false, full, packed };
    assert.match(
      packText({ ...summary, verified: { ...summary.verified, ran } }, []),
      /^verified: \/bin\/app -v behaves otherwise in the image: exit code 1 instead of 0; it prints "c" instead of "b"$/m,
    );
  });
});

describe('whyText', () => {
  it('puts each file below the one that wanted it', () => {
    assert.equal(
      whyText(summary),
      [
        '/bin/app 1kB  (program: for program)',
        '  /lib  (library: for library)',
        '  /lib/a.so 1kB  (library: for library)',
        '    /lib/b.so 1kB  (library: for library, likely)',
      ].join('\n'),
    );
  });

  it('follows one file up to the program', () => {
    assert.equal(
      whyText(summary, '/lib/b.so'),
      [
        '/lib/b.so  (library: for library, wanted by /lib/a.so)',
        '/lib/a.so  (library: for library, wanted by /bin/app)',
        '/bin/app  (program: for program)',
      ].join('\n'),
    );
    assert.match(whyText(summary, '/usr/share/x') ?? '', /^\/usr\/share\/x was left out/);
    assert.equal(whyText(summary, '/nothing'), undefined);
  });

  it('ends although two files want each other', () => {
    const loop = [file('/bin/app', 'program'), file('/a', 'x', '/b'), file('/b', 'x', '/a')];
    assert.match(whyText({ ...summary, files: loop }, '/a') ?? '', /^\/a .*\n\/b /);
    assert.equal(whyText({ ...summary, files: loop })?.split('\n').length, 3);
  });
});

describe('tables', () => {
  it('are as wide as their widest cells and have no blanks at the ends of lines', () => {
    assert.equal(
      formatTable(
        ['A', 'B'],
        [
          ['long', 'x'],
          ['s', ''],
        ],
      ),
      'A      B\nlong   x\ns',
    );
  });

  it('list images as docker does, with ids in full or alone when asked', () => {
    const digest = `sha256:${'0123456789ab'.repeat(5)}abcd` as const;
    const row = {
      name: 'app:1',
      repository: 'app',
      tag: '1',
      digest,
      platforms: [],
      created: null,
      sizeBytes: 5_310_000,
    };
    const text = (isFull: boolean, idsOnly = false) => imagesText([row], { nowSeconds: 0, isFull, idsOnly });
    assert.equal(text(false).split('\n')[1], 'app          1     0123456789ab   N/A       5.31MB');
    assert.match(text(true), new RegExp(digest));
    assert.equal(text(false, true), '0123456789ab');
  });

  it('say how long ago something was, and nothing for a time that stands for none', () => {
    const now = Date.parse('2026-01-01T00:00:00Z') / 1000;
    assert.equal(formatAgo('2025-12-31T21:59:00Z', now), '2 hours ago');
    assert.equal(formatAgo('2025-12-31T23:59:59Z', now), '1 second ago');
    assert.equal(formatAgo('2023-12-01T00:00:00Z', now), '2 years ago');
    assert.equal(formatAgo('1970-01-01T00:00:00Z', now), 'N/A');
    assert.equal(formatAgo(undefined, now), 'N/A');
    assert.equal(formatAgo('nonsense', now), 'N/A');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closure, library, loader, loaderFile, program } from '../../../tests/make/closure.ts';
import { elf } from '../../../tests/make/elf.ts';
import { imagePath } from '../../kit/index.ts';
import { literalTree } from '../../rootfs/index.ts';
import { closureOf } from './index.ts';

describe('closureOf', () => {
  it('lists objects breadth first, filtees before their filters, the loader where it is asked for', async () => {
    const { objects } = await closure({
      '/app': program(['liba.so', 'libb.so']),
      '/usr/lib/liba.so': library('liba.so', {
        needs: ['libdeep.so'],
        auxiliaries: ['libnone.so'],
        filters: ['libgiver.so'],
      }),
      '/usr/lib/libb.so': library('libb.so', { needs: ['ld-linux-x86-64.so.2', 'liba.so'] }),
      '/usr/lib/libdeep.so': library('libdeep.so'),
      '/usr/lib/libgiver.so': library('libgiver.so'),
    });
    const names = objects.map(({ requested }) => requested);
    assert.deepEqual(names, ['/app', 'libgiver.so', 'liba.so', 'libb.so', 'libdeep.so', loader]);
  });

  it('names every link on the way, and why each file comes', async () => {
    const tree = literalTree({
      '/lib64': { linkTarget: 'usr/lib64' },
      '/lib': { linkTarget: 'usr/lib' },
      '/usr/lib64/ld-linux-x86-64.so.2': { linkTarget: '../../lib/ld.so' },
      '/usr/lib/ld.so': loaderFile,
      '/app': program(['libb.so']),
      '/usr/lib/libb.so': { linkTarget: 'libb.so.1' },
      '/usr/lib/libb.so.1': library('libb.so'),
    });
    const found = await closureOf(tree, imagePath('/app'));
    const paths = found.files.map(({ path }): string => path).sort();
    assert.deepEqual(paths, [
      '/app',
      '/lib',
      '/lib64',
      '/usr/lib/ld.so',
      '/usr/lib/libb.so',
      '/usr/lib/libb.so.1',
      '/usr/lib64/ld-linux-x86-64.so.2',
    ]);
    const because = found.files.find(({ path }) => path === '/usr/lib/libb.so.1')?.because;
    assert.deepEqual([because?.rule, because?.by], ['library', '/app']);
  });

  it('names the directories that a path leads through and out of again', async () => {
    const { files } = await closure({
      '/app': program(['libb.so'], { runpath: '/opt/empty/../link/../lib' }),
      '/opt/empty/': {},
      '/opt/link': { linkTarget: '/srv/place' },
      '/srv/place/': {},
      '/srv/lib/libb.so': library('libb.so'),
    });
    const paths = files.map(({ path }): string => path);
    for (const path of ['/opt/empty', '/opt/link', '/srv/place', '/srv/lib/libb.so'])
      assert.ok(paths.includes(path), path);
  });

  it('loads preloads first, and only notes those that are not there', async () => {
    const { objects, missing, notes, files } = await closure(
      {
        '/app': program(['libb.so']),
        '/usr/lib/libb.so': library('libb.so'),
        '/usr/lib/libpre.so': library('libpre.so', { needs: ['libgone.so'] }),
        '/opt/listed.so': library('listed.so'),
        '/etc/ld.so.preload': '/opt/listed.so # no more\n',
      },
      { env: ['LD_PRELOAD=libpre.so:libnone.so'] },
    );
    assert.deepEqual(objects.map(({ path }) => path).slice(1, 4), [
      '/usr/lib/libpre.so',
      '/opt/listed.so',
      '/usr/lib/libb.so',
    ]);
    assert.deepEqual(
      missing.map(({ name }) => name),
      ['libgone.so'],
    );
    assert.equal(notes.length, 1);
    assert.ok(files.some(({ path }) => path === '/etc/ld.so.preload'));
  });

  it('compares versions with the library that is really loaded', async () => {
    const versionsNeeded = [{ file: 'libb.so', versions: ['B_1', 'B_2', 'B_3?'] }];
    const files = { '/app': program(['libb.so'], { versionsNeeded }) };
    const { versionProblems } = await closure({
      ...files,
      '/usr/lib/libb.so': library('libb.so', { versionsDefined: ['B_1'] }),
    });
    assert.deepEqual(
      versionProblems.map(({ version, kind }) => [version, kind]),
      [
        ['B_2', 'missing'],
        ['B_3', 'weak'],
      ],
    );
    const without = await closure({ ...files, '/usr/lib/libb.so': library('libb.so') });
    assert.equal(without.versionProblems[0]?.kind, 'no-table');
  });

  it('knows static programs, and that a library is none', async () => {
    assert.equal((await closure({ '/app': elf() })).flavour, 'static');
    const { flavour, interpreter } = await closure({ '/app': library('libapp.so', { needs: ['libc.so.6'] }) });
    assert.deepEqual([flavour, interpreter?.path], ['glibc', loader]);
  });

  it('works for machines of any byte order and class', async () => {
    for (const [architecture, name] of [
      ['s390x', '/lib/ld64.so.1'],
      ['386', '/lib/ld-linux.so.2'],
      ['arm64', '/lib/ld-linux-aarch64.so.1'],
    ] as const) {
      const { objects, missing } = await closure({
        [name]: library('ld.so', { architecture }),
        '/app': elf({ architecture, interpreter: name, needs: ['libb.so'] }),
        '/usr/lib/libb.so': library('libb.so', { architecture }),
      });
      assert.deepEqual([objects.length, missing.length], [3, 0], architecture);
    }
  });

  it('goes on when the loader itself is not there', async () => {
    const tree = literalTree({ '/app': program(['libb.so']), '/usr/lib/libb.so': library('libb.so') });
    const { interpreter, objects } = await closureOf(tree, imagePath('/app'));
    assert.deepEqual([interpreter?.path, objects.length], [undefined, 2]);
  });

  it('answers a Fault for what is no ELF file, or not there', async () => {
    await assert.rejects(closure({ '/app': 'text' }), { code: 'UNSUPPORTED' });
    await assert.rejects(closure({}), { code: 'FILE_NOT_FOUND' });
  });

  it('minds who may read a library', async () => {
    const files = { '/app': program(['libb.so']), '/usr/lib/libb.so': { content: library('libb.so'), mode: 0o600 } };
    const { missing } = await closure(files, { as: { uid: 7, gids: [7] } });
    assert.deepEqual(
      missing.map(({ problem }) => problem),
      ['denied'],
    );
  });
});

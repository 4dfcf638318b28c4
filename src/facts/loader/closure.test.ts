import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { loaderCache } from '../../../tests/make/loader-cache.ts';
import { imagePath } from '../../kit/index.ts';
import { type LiteralNode, literalTree } from '../../rootfs/index.ts';
import { type ClosureOptions, closureOf } from './index.ts';

type Files = Readonly<Record<string, string | Uint8Array | LiteralNode>>;

const loader = '/lib64/ld-linux-x86-64.so.2';
const library = (soname: string, parts: ElfParts = {}): Uint8Array => elf({ soname, ...parts });
const program = (needs: readonly string[], parts: ElfParts = {}): Uint8Array =>
  elf({ interpreter: loader, needs, ...parts });
const loaderFile = library('ld-linux-x86-64.so.2', { strings: ['ld.so stable release version 2.40.'] });
const glibc: Files = { [loader]: loaderFile };

const closure = (files: Files, options: ClosureOptions = {}) =>
  closureOf(literalTree({ ...glibc, ...files }), imagePath('/app'), options);
/** The paths of what is loaded beside program and loader, and `!name` of what is not found. */
async function loaded(files: Files, options: ClosureOptions = {}): Promise<string[]> {
  const { objects, missing } = await closure(files, options);
  return [
    ...objects.map(({ path }): string => path).filter((path) => path !== '/app' && path !== loader),
    ...missing.map(({ name }) => `!${name}`),
  ];
}

describe('with glibc, a library is looked for', () => {
  const [a, b] = [library('liba.so', { needs: ['libb.so'] }), library('libb.so')];

  it('in DT_RPATH of all who led to it, unless the one who asks has DT_RUNPATH', async () => {
    const files = { '/opt/liba.so': a, '/opt/libb.so': b };
    assert.deepEqual(await loaded({ ...files, '/app': program(['liba.so'], { rpath: '/opt' }) }), [
      '/opt/liba.so',
      '/opt/libb.so',
    ]);
    assert.deepEqual(await loaded({ ...files, '/app': program(['liba.so'], { runpath: '/opt' }) }), [
      '/opt/liba.so',
      '!libb.so',
    ]);
    const own = { ...files, '/opt/liba.so': library('liba.so', { needs: ['libb.so'], runpath: '/none' }) };
    assert.deepEqual(await loaded({ ...own, '/app': program(['liba.so'], { rpath: '/opt' }) }), [
      '/opt/liba.so',
      '!libb.so',
    ]);
  });

  it('in DT_RPATH before LD_LIBRARY_PATH, and in that before DT_RUNPATH', async () => {
    const files = { '/own/libb.so': b, '/env/libb.so': b };
    const env = ['LD_LIBRARY_PATH=/env'];
    assert.deepEqual(await loaded({ ...files, '/app': program(['libb.so'], { rpath: '/own' }) }, { env }), [
      '/own/libb.so',
    ]);
    assert.deepEqual(await loaded({ ...files, '/app': program(['libb.so'], { runpath: '/own' }) }, { env }), [
      '/env/libb.so',
    ]);
    assert.deepEqual(
      await loaded({ ...files, '/app': program(['libb.so'], { rpath: '/own', runpath: '/none' }) }, { env }),
      ['/env/libb.so'],
    );
  });

  it('beside the real program, but beside the name of a library', async () => {
    const files = {
      '/app': { linkTarget: '/opt/bin/app' },
      '/opt/bin/app': program(['liba.so'], { runpath: '$ORIGIN/../links' }),
      '/opt/links/liba.so': { linkTarget: '../real/liba.so' },
      '/opt/real/liba.so': library('liba.so', { needs: ['libb.so'], runpath: '$ORIGIN' }),
      '/opt/real/libb.so': b,
    };
    const { objects, missing } = await closure(files);
    assert.deepEqual(objects.map(({ path }) => path).slice(0, 2), ['/opt/bin/app', '/opt/real/liba.so']);
    assert.deepEqual(
      missing.map(({ searched }) => searched[0]),
      ['/opt/bin/../links'],
    );
  });

  it('in the directories of the loader last, unless DF_1_NODEFLIB forbids it', async () => {
    const files = { '/usr/lib/libb.so': b };
    assert.deepEqual(await loaded({ ...files, '/app': program(['libb.so']) }), ['/usr/lib/libb.so']);
    assert.deepEqual(await loaded({ ...files, '/app': program(['libb.so'], { dynamicFlags1: 0x800 }) }), ['!libb.so']);
  });

  it('by its path when its name has a slash, from the working directory when that is relative', async () => {
    const files = { '/srv/x/libb.so': b, '/app': program(['/srv/x/libb.so']) };
    assert.deepEqual(await loaded(files), ['/srv/x/libb.so']);
    const relative = { ...files, '/app': program(['x/libb.so']) };
    assert.deepEqual(await loaded(relative, { cwd: imagePath('/srv') }), ['/srv/x/libb.so']);
    assert.deepEqual(await loaded(relative), ['!x/libb.so']);
  });

  it('not at all when one of that SONAME is there, nor loaded twice under two names', async () => {
    const other = { '/opt/libother.so': b, '/app': program(['/opt/libother.so', 'libb.so']) };
    assert.deepEqual(await loaded(other), ['/opt/libother.so']);
    const twice = {
      '/usr/lib/libb.so': b,
      '/usr/lib/libc1.so': { linkTarget: 'libb.so' },
      '/app': program(['libc1.so', 'libb.so']),
    };
    assert.deepEqual(await loaded(twice), ['/usr/lib/libb.so']);
  });

  it('past one for another machine, but never past what is no library', async () => {
    const files = { '/app': program(['libb.so'], { runpath: '/one:/two' }), '/two/libb.so': b };
    assert.deepEqual(await loaded({ ...files, '/one/libb.so': library('libb.so', { architecture: 'arm64' }) }), [
      '/two/libb.so',
    ]);
    assert.deepEqual(await loaded({ ...files, '/one/libb.so': library('libb.so', { architecture: '386' }) }), [
      '/two/libb.so',
    ]);
    for (const content of ['INPUT(-lb)', '', '\x7fELF']) {
      const { missing } = await closure({ ...files, '/one/libb.so': content });
      assert.deepEqual(
        missing.map(({ problem, at }) => [problem, at]),
        [['invalid', '/one/libb.so']],
      );
    }
  });

  it('and when it is only there for another machine, that is said', async () => {
    const { missing } = await closure({
      '/app': program(['libb.so']),
      '/usr/lib/libb.so': library('libb.so', { architecture: 'arm64' }),
    });
    assert.deepEqual(missing, [
      {
        name: 'libb.so',
        wantedBy: '/app',
        problem: 'other-machine',
        at: '/usr/lib/libb.so',
        detail: 'it is for aarch64',
        searched: missing[0]?.searched,
      },
    ]);
  });

  it('without LD_LIBRARY_PATH and $ORIGIN in secure mode', async () => {
    const env = ['LD_LIBRARY_PATH=/opt'];
    const files = { '/opt/libb.so': b, '/app': program(['libb.so'], { runpath: '$ORIGIN/opt' }) };
    assert.deepEqual(await loaded(files, { env }), ['/opt/libb.so']);
    assert.deepEqual(await loaded(files, { env, secure: true }), ['!libb.so']);
  });
});

describe('with glibc and its cache, a library', () => {
  const b = library('libb.so');
  const cache = (path: string) => ({ '/etc/ld.so.cache': loaderCache({ entries: [{ name: 'libb.so', path }] }) });

  it('is found where only the cache leads, and the cache comes along', async () => {
    const { objects, files } = await closure({
      '/app': program(['libb.so']),
      '/opt/libb.so': b,
      ...cache('/opt/libb.so'),
    });
    assert.equal(objects.find(({ path }) => path === '/opt/libb.so')?.how, 'cache');
    assert.ok(files.some(({ path }) => path === '/etc/ld.so.cache'));
  });

  it('is found without it when it has become stale', async () => {
    const files = { '/app': program(['libb.so']), '/usr/lib/libb.so': b, ...cache('/opt/libb.so') };
    assert.deepEqual(await loaded(files), ['/usr/lib/libb.so']);
  });

  it('in a directory of the loader does not need the cache', async () => {
    const { files } = await closure({
      '/app': program(['libb.so']),
      '/usr/lib/libb.so': b,
      ...cache('/usr/lib/libb.so'),
    });
    assert.ok(!files.some(({ path }) => path === '/etc/ld.so.cache'));
  });
});

describe('with glibc, copies for better CPUs', () => {
  const files: Files = {
    '/app': program(['libb.so']),
    '/usr/lib/libb.so': library('libb.so'),
    '/usr/lib/glibc-hwcaps/x86-64-v3/libb.so': library('libb.so', { needs: ['libfast.so'] }),
    '/usr/lib/libfast.so': library('libfast.so'),
  };

  it('come along with what they need, and the common one stays the one', async () => {
    const { objects, variants, files: all } = await closure(files);
    assert.deepEqual(
      objects.map(({ path }) => path),
      ['/app', '/usr/lib/libb.so', loader],
    );
    assert.deepEqual(
      variants.map(({ path }) => path),
      ['/usr/lib/glibc-hwcaps/x86-64-v3/libb.so', '/usr/lib/libfast.so'],
    );
    assert.ok(all.some(({ path }) => path === '/usr/lib/libfast.so'));
  });

  it('are chosen where the CPU is told', async () => {
    const chosen = await loaded(files, { cpu: ['x86-64-v3', 'x86-64-v2'] });
    assert.deepEqual(chosen, ['/usr/lib/glibc-hwcaps/x86-64-v3/libb.so', '/usr/lib/libfast.so']);
    assert.deepEqual(await loaded(files, { cpu: ['x86-64-v2'] }), ['/usr/lib/libb.so']);
  });

  it('of the old kind are for loaders before 2.37', async () => {
    const old = {
      '/app': program(['libb.so']),
      '/usr/lib/libb.so': library('libb.so'),
      '/usr/lib/tls/libb.so': library('libb.so'),
    };
    const before = { [loader]: library('ld', { strings: ['ld.so stable release version 2.36.'] }) };
    assert.deepEqual(await loaded({ ...old, ...before }), ['/usr/lib/tls/libb.so']);
    assert.deepEqual(await loaded(old), ['/usr/lib/libb.so']);
  });
});

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

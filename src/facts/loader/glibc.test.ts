import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closure, library, loader, program } from '../../../tests/make/closure.ts';
import { loaderCache } from '../../../tests/make/loader-cache.ts';
import type { MadeFiles } from '../../../tests/make/scene.ts';
import { imagePath } from '../../kit/index.ts';
import type { ClosureOptions } from './index.ts';

/** The paths of what is loaded beside program and loader, and `!name` of what is not found. */
async function loaded(files: MadeFiles, options: ClosureOptions = {}): Promise<string[]> {
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
  const files: MadeFiles = {
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

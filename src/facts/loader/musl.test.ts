import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { imagePath } from '../../kit/index.ts';
import { type LiteralNode, literalTree } from '../../rootfs/index.ts';
import { type ClosureOptions, closureOf, closureOfLibrary, findLibrary } from './index.ts';

type Files = Readonly<Record<string, string | Uint8Array | LiteralNode>>;

const musl = '/lib/ld-musl-x86_64.so.1';
const library = (soname: string, parts: ElfParts = {}): Uint8Array => elf({ soname, ...parts });
const program = (needs: readonly string[], parts: ElfParts = {}): Uint8Array =>
  elf({ interpreter: musl, needs, ...parts });
const closure = (files: Files, options: ClosureOptions = {}) =>
  closureOf(literalTree({ [musl]: library('libc.musl-x86_64.so.1'), ...files }), imagePath('/app'), options);

async function loaded(files: Files, options: ClosureOptions = {}): Promise<string[]> {
  const { objects, missing } = await closure(files, options);
  return [
    ...objects.map(({ path }): string => path).filter((path) => path !== '/app' && path !== musl),
    ...missing.map(({ name }) => `!${name}`),
  ];
}

describe('with musl, a library', () => {
  const b = library('libb.so');

  it('is musl itself when its name is one of those that musl keeps', async () => {
    const names = ['libc.so', 'libc.musl-x86_64.so.1', 'libc.so.6', 'libm.so.6', 'libpthread.so.0', musl];
    assert.deepEqual(await loaded({ '/app': program(names) }), []);
    assert.deepEqual(await loaded({ '/app': program(['libcrypt.so.1']) }), ['!libcrypt.so.1']);
  });

  it('is found through DT_RUNPATH of all who led to it', async () => {
    const files = { '/opt/liba.so': library('liba.so', { needs: ['libb.so'] }), '/opt/libb.so': b };
    assert.deepEqual(await loaded({ ...files, '/app': program(['liba.so'], { runpath: '/opt' }) }), [
      '/opt/liba.so',
      '/opt/libb.so',
    ]);
  });

  it('is found through LD_LIBRARY_PATH first', async () => {
    const files = { '/app': program(['libb.so'], { rpath: '/own' }), '/own/libb.so': b, '/env/libb.so': b };
    assert.deepEqual(await loaded(files, { env: ['LD_LIBRARY_PATH=/env'] }), ['/env/libb.so']);
  });

  it('is found in /usr/local/lib, unless a path file says other directories', async () => {
    const files = { '/app': program(['libb.so']), '/usr/local/lib/libb.so': b, '/opt/libb.so': b };
    assert.deepEqual(await loaded(files), ['/usr/local/lib/libb.so']);
    const listed = await closure({ ...files, '/etc/ld-musl-x86_64.path': '/none\n/opt\n' });
    assert.deepEqual(
      listed.objects.map(({ path }) => path),
      ['/app', '/opt/libb.so', musl],
    );
    assert.ok(listed.files.some(({ path }) => path === '/etc/ld-musl-x86_64.path'));
  });

  it('is the first file of the name, whatever it is', async () => {
    const files = { '/app': program(['libb.so']), '/lib/libb.so': 'text', '/usr/lib/libb.so': b };
    assert.deepEqual(await loaded(files), ['!libb.so']);
  });

  it('is asked for no versions', async () => {
    const versionsNeeded = [{ file: 'libb.so', versions: ['B_2'] }];
    const { versionProblems } = await closure({ '/app': program(['libb.so'], { versionsNeeded }), '/lib/libb.so': b });
    assert.deepEqual(versionProblems, []);
  });
});

describe('a library that is loaded later', () => {
  const glibcLoader = '/lib64/ld-linux-x86-64.so.2';
  const tree = literalTree({
    [glibcLoader]: library('ld-linux-x86-64.so.2'),
    '/app': elf({ interpreter: glibcLoader, needs: ['libb.so'] }),
    '/usr/lib/libb.so': library('libb.so', { runpath: '/opt' }),
    '/opt/plugin.so': library('plugin.so', { needs: ['libb.so', 'libextra.so', 'libgone.so'], runpath: '$ORIGIN' }),
    '/opt/libextra.so': library('libextra.so'),
  });

  it('adds only what is not loaded', async () => {
    const loadedProgram = await closureOf(tree, imagePath('/app'));
    const { library: plugin, objects, missing, files } = await closureOfLibrary(loadedProgram, '/opt/plugin.so');
    assert.equal(plugin?.path, '/opt/plugin.so');
    assert.deepEqual(
      objects.map(({ path }) => path),
      ['/opt/plugin.so', '/opt/libextra.so'],
    );
    assert.deepEqual(
      missing.map(({ name, wantedBy }) => [name, wantedBy]),
      [['libgone.so', '/opt/plugin.so']],
    );
    assert.deepEqual(
      files.map(({ path }) => path),
      ['/opt/plugin.so', '/opt/libextra.so'],
    );
    assert.equal(loadedProgram.objects.length, 3);
  });

  it('comes after what it is a filter for, and moves nothing that was loaded before', async () => {
    const more = literalTree({
      [glibcLoader]: library('ld-linux-x86-64.so.2'),
      '/app': elf({ interpreter: glibcLoader, needs: ['libb.so'], rpath: '/opt' }),
      '/opt/libb.so': library('libb.so'),
      '/opt/plugin.so': library('plugin.so', { filters: ['libgiver.so'], auxiliaries: ['libb.so'] }),
      '/opt/libgiver.so': library('libgiver.so'),
    });
    const { objects } = await closureOfLibrary(await closureOf(more, imagePath('/app')), 'plugin.so');
    assert.deepEqual(
      objects.map(({ path }) => path),
      ['/opt/libgiver.so', '/opt/plugin.so'],
    );
  });

  it('is looked for as the object that asks would find it', async () => {
    const loadedProgram = await closureOf(tree, imagePath('/app'));
    assert.equal((await findLibrary(loadedProgram, 'plugin.so')).found, false);
    const found = await findLibrary(loadedProgram, 'plugin.so', imagePath('/usr/lib/libb.so'));
    assert.deepEqual(found, { found: true, path: '/opt/plugin.so', name: '/opt/plugin.so' });
    assert.equal((await closureOfLibrary(loadedProgram, 'libb.so')).objects.length, 0);
  });
});

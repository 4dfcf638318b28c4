import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../tests/make/elf.ts';
import {
  executable,
  glibcFiles,
  glibcProgram,
  muslFiles,
  muslProgram,
  sharedLibrary,
} from '../../../tests/make/scene.ts';
import { type LiteralNode, literalTree, resolve } from '../../rootfs/index.ts';
import { elfOf } from './elf.ts';
import type { LddGround } from './ground.ts';

type Files = Readonly<Record<string, string | Uint8Array | LiteralNode>>;

async function ask(files: Files, env: readonly string[] = []) {
  const tree = literalTree(files);
  const ground: LddGround = { tree, platform: null, env, command: '/app', cwd: '/', close: () => {} };
  const file = await resolve(tree, '/app');
  assert.ok(file.found);
  return elfOf(ground, file);
}

/** `name => path`, with `-` for what is not found. */
const linesOf = async (files: Files, env?: readonly string[]) =>
  (await ask(files, env)).libraries.map(({ name, path }) => `${name} => ${path ?? '-'}`);

const lib = '/usr/lib/x86_64-linux-gnu';

describe('elfOf', () => {
  it('lists libraries in load order, and the loader behind what needs it', async () => {
    const files = {
      ...glibcFiles(),
      [`${lib}/libc.so.6`]: sharedLibrary('libc.so.6', { needs: ['ld-linux-x86-64.so.2'] }),
      [`${lib}/liba.so`]: sharedLibrary('liba.so', { needs: ['libb.so', 'libc.so.6'] }),
      [`${lib}/libb.so`]: sharedLibrary('libb.so'),
      '/app': glibcProgram({ needs: ['liba.so', 'libc.so.6'] }),
    };
    assert.deepEqual(await linesOf(files), [
      `liba.so => ${lib}/liba.so`,
      `libc.so.6 => ${lib}/libc.so.6`,
      `libb.so => ${lib}/libb.so`,
      '/lib64/ld-linux-x86-64.so.2 => /lib64/ld-linux-x86-64.so.2',
    ]);
  });

  it('puts what is missing where it would be, once for each that misses it', async () => {
    const files = {
      ...glibcFiles(),
      [`${lib}/libc.so.6`]: sharedLibrary('libc.so.6', { needs: ['ld-linux-x86-64.so.2'] }),
      [`${lib}/liba.so`]: sharedLibrary('liba.so', { needs: ['libgone.so'] }),
      '/app': glibcProgram({ needs: ['libfirst.so', 'liba.so', 'libgone.so', 'libc.so.6'] }),
    };
    assert.deepEqual(await linesOf(files), [
      'libfirst.so => -',
      `liba.so => ${lib}/liba.so`,
      'libgone.so => -',
      `libc.so.6 => ${lib}/libc.so.6`,
      '/lib64/ld-linux-x86-64.so.2 => /lib64/ld-linux-x86-64.so.2',
      'libgone.so => -',
    ]);
  });

  it('says that a loader is not there', async () => {
    const { '/lib64/ld-linux-x86-64.so.2': _, ...files } = glibcFiles();
    const { libraries } = await ask({ ...files, '/app': glibcProgram() });
    const loader = libraries.at(-1);
    assert.deepEqual([loader?.name, loader?.path], ['/lib64/ld-linux-x86-64.so.2', null]);
    assert.match(loader?.because ?? '', /names it as its loader/);
    const alone = await ask({ '/app': sharedLibrary('libx.so', { needs: ['libc.so.6'] }) });
    assert.match(alone.libraries.at(-1)?.because ?? '', /usual loader/);
  });

  it('tells of each library why it is found where it is', async () => {
    const files = {
      ...glibcFiles(),
      '/run/libr.so': sharedLibrary('libr.so'),
      '/old/libo.so': sharedLibrary('libo.so'),
      '/env/libe.so': sharedLibrary('libe.so'),
      '/full/libf.so': sharedLibrary('libf.so'),
      '/pre.so': sharedLibrary('pre.so'),
      '/app': glibcProgram({ needs: ['libr.so', 'libe.so', '/full/libf.so', 'libc.so.6'], runpath: '/run' }),
    };
    const { libraries } = await ask(files, ['LD_LIBRARY_PATH=/env', 'LD_PRELOAD=/pre.so']);
    const because = Object.fromEntries(libraries.map(({ path, because: why }) => [path, why]));
    assert.equal(because['/run/libr.so'], 'the RUNPATH of /app is /run; it is not in LD_LIBRARY_PATH (/env)');
    assert.equal(because['/env/libe.so'], 'LD_LIBRARY_PATH names the directory');
    assert.equal(because['/full/libf.so'], '/full/libf.so is a path');
    assert.equal(because['/pre.so'], 'LD_PRELOAD or /etc/ld.so.preload names it');
    const inVain = 'LD_LIBRARY_PATH (/env), nor in the RUNPATH of /app (/run), nor in /etc/ld.so.cache';
    assert.equal(because[`${lib}/libc.so.6`], `the loader searches this directory by default; it is not in ${inVain}`);
    const old = await ask({ ...files, '/app': glibcProgram({ needs: ['libo.so'], rpath: '/old' }) });
    assert.equal(old.libraries[0]?.because, 'the RPATH of /app is /old');
  });

  it('tells where a library was looked for in vain, and what was there instead', async () => {
    const files = {
      ...glibcFiles(),
      [`${lib}/libz.so`]: elf({ architecture: 'arm64', soname: 'libz.so' }),
      '/app': glibcProgram({ needs: ['libz.so'], runpath: '/opt/lib' }),
      '/opt/lib/x': '',
    };
    const [library] = (await ask(files)).libraries;
    assert.equal(library?.because, `${lib}/libz.so: it is for aarch64`);
    assert.deepEqual(library?.searched.slice(0, 2), ['/opt/lib', '/lib/x86_64-linux-gnu']);
  });

  it('names musl first, and again as the library that is wanted', async () => {
    const files = {
      ...muslFiles,
      '/lib/liba.so': sharedLibrary('liba.so'),
      '/app': muslProgram({ needs: ['liba.so', 'libc.so'] }),
    };
    assert.deepEqual(await linesOf(files), [
      '/lib/ld-musl-x86_64.so.1 => /lib/ld-musl-x86_64.so.1',
      'liba.so => /lib/liba.so',
      'libc.so => /lib/ld-musl-x86_64.so.1',
    ]);
  });

  it('tells which symbol versions are required, given, and not there', async () => {
    const versionsNeeded = [{ file: 'libc.so.6', versions: ['GLIBC_2.36', 'GLIBC_2.99'] }];
    const { versions } = await ask({ ...glibcFiles(), '/app': glibcProgram({ versionsNeeded }) });
    assert.deepEqual(
      versions.map(({ version, isFound, path, wantedBy }) => [version, isFound, path, wantedBy]),
      [
        ['GLIBC_2.36', true, `${lib}/libc.so.6`, '/app'],
        ['GLIBC_2.99', false, `${lib}/libc.so.6`, '/app'],
      ],
    );
  });

  it('knows static programs of both kinds', async () => {
    assert.equal((await ask({ '/app': executable(elf()) })).linkage, 'static');
    assert.equal(
      (await ask({ '/app': executable(elf({ type: 'shared', dynamicFlags1: 0x08000000 })) })).linkage,
      'static-pie',
    );
    assert.deepEqual((await ask({ '/app': sharedLibrary('libx.so') })).libraries, []);
  });
});

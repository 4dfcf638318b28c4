import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ElfParts, elf } from '../../../tests/make/elf.ts';
import { Fault, type ImagePath, imagePath } from '../../kit/index.ts';
import { literalTree } from '../../rootfs/index.ts';
import { closureOf } from '../loader/index.ts';
import { startOf } from '../start/index.ts';
import { languageOf, programFactsOf, programsOf, surveyOf } from './index.ts';

const loader = '/lib64/ld-linux-x86-64.so.2';
const libc = { [loader]: elf({ soname: 'ld-linux-x86-64.so.2' }), '/lib64/libc.so.6': elf({ soname: 'libc.so.6' }) };
const program = (parts: ElfParts = {}) => ({
  content: elf({ interpreter: loader, needs: ['libc.so.6'], ...parts }),
  mode: 0o755,
});
const nothing = { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] };
const platform = { os: 'linux', architecture: 'amd64' };

describe('the facts of a program', () => {
  it('name what it imports and what its libraries import, without those of the libc', async () => {
    const tree = literalTree({
      ...libc,
      '/app': program({ needs: ['libx.so', 'libc.so.6'], symbols: [{ name: 'x_open', defined: false }] }),
      '/lib64/libx.so': elf({
        soname: 'libx.so',
        symbols: [{ name: 'dlopen', defined: false }, { name: 'x_open' }],
      }),
    });
    const facts = programFactsOf(tree, await closureOf(tree, imagePath('/app')));
    assert.deepEqual([...(await facts.imports())], ['x_open']);
    const imports = [...(await facts.libraryImports())].map(([path, names]) => [path, ...names]);
    assert.deepEqual(imports, [['/lib64/libx.so', 'dlopen']]);
  });

  it('give the strings of its data', async () => {
    const tree = literalTree({ ...libc, '/app': program({ strings: ['/etc/app.conf'] }) });
    const facts = programFactsOf(tree, await closureOf(tree, imagePath('/app')));
    assert.equal((await facts.strings()).has('/etc/app.conf'), true);
    assert.equal(await facts.go(), undefined);
  });

  it('are there for each ELF program of a chain, the static ones among them', async () => {
    const tree = literalTree({
      ...libc,
      '/run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
      '/bin/sh': { content: elf({}), mode: 0o755 },
    });
    const verdict = await startOf(tree, { ...nothing, entrypoint: ['/run.sh'] }, { platform });
    const programs = await programsOf(tree, verdict);
    assert.deepEqual(
      programs.map(({ path, closure }) => [path, closure.flavour]),
      [['/bin/sh', 'static']],
    );
  });
});

describe('the language of a program', () => {
  const languageAt = async (path: string, parts: ElfParts = {}) => {
    const tree = literalTree({ ...libc, [path]: program(parts) });
    return languageOf(programFactsOf(tree, await closureOf(tree, imagePath(path))));
  };

  it('is known by the name of an interpreter', async () => {
    assert.equal(await languageAt('/usr/bin/python3.11'), 'python');
    assert.equal(await languageAt('/usr/local/bin/node'), 'node');
    assert.equal(await languageAt('/opt/jre/bin/java'), 'java');
  });

  it('is known by the runtime that a program of another name loads', async () => {
    assert.equal(await languageAt('/usr/sbin/uwsgi', { needs: ['libpython3.11.so.1.0', 'libstdc++.so.6'] }), 'python');
    assert.equal(await languageAt('/app', { needs: ['libhostfxr.so'] }), 'dotnet');
    assert.equal(await languageAt('/app', { needs: ['libstdc++.so.6'] }), 'c++');
  });

  it("is Rust where its library's source is named, and C where nothing is", async () => {
    const source = `/rustc/${'0a'.repeat(20)}/library/core/src/fmt/mod.rs`;
    assert.equal(await languageAt('/app', { strings: [source] }), 'rust');
    assert.equal(await languageAt('/app', { strings: ['hello'] }), 'c');
  });
});

describe('a survey', () => {
  it('finds all ELF files, each once, and nothing else', async () => {
    const shared = { content: elf({}), identity: 'same' };
    const tree = literalTree({
      '/a': shared,
      '/b': shared,
      '/lib/x.so': elf({ soname: 'x.so', architecture: 'arm64' }),
      '/text': 'no ELF file, but long enough to have a header: it is not one all the same',
      '/short': '\x7fELF',
      '/link': { linkTarget: 'a' },
    });
    const { elves, damaged } = await surveyOf(tree);
    assert.deepEqual(
      elves.map(({ path, elf: { machineName } }) => [path, machineName]),
      [
        ['/a', 'x86_64'],
        ['/lib/x.so', 'aarch64'],
      ],
    );
    assert.deepEqual(damaged, []);
  });

  it('keeps damaged files apart', async () => {
    const tree = literalTree({ '/cut': elf({ soname: 'x.so', needs: ['y.so'] }).subarray(0, 100), '/whole': elf({}) });
    const { elves, damaged } = await surveyOf(tree);
    assert.deepEqual(damaged, ['/cut']);
    assert.equal(elves.length, 1);
  });

  it('lists files with set-uid, with set-gid that counts, and with capabilities', async () => {
    const capability = Buffer.of(1, 0, 0, 2);
    const tree = literalTree({
      '/bin/su': { content: 'x', mode: 0o4755 },
      '/bin/wall': { content: 'x', mode: 0o2755 },
      '/bin/ping': { content: 'x', mode: 0o755, xattrs: new Map([['security.capability', capability]]) },
      '/bin/locked': { content: 'x', mode: 0o2644 },
      '/var/mail/': { mode: 0o2775 },
    });
    const { privileged } = await surveyOf(tree);
    assert.deepEqual(privileged, [
      { path: '/bin/ping', mode: 0o755, capability },
      { path: '/bin/su', mode: 0o4755, capability: undefined },
      { path: '/bin/wall', mode: 0o2755, capability: undefined },
    ]);
  });

  it('passes over what cannot be listed, and what is mounted over', async () => {
    const tree = literalTree({ '/a': elf({}), '/proc/1/exe': elf({}), '/shut/b': elf({}) });
    const list = async (path: ImagePath) => {
      if (path === '/shut') throw new Fault('SYSTEM', 'cannot list /shut');
      return tree.list(path);
    };
    const { elves } = await surveyOf({ ...tree, list });
    assert.deepEqual(
      elves.map(({ path }) => path),
      ['/a'],
    );
  });

  it('ends when it is told to', async () => {
    const files = Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`/f${at}`, 'x']));
    const signal = AbortSignal.abort();
    await assert.rejects(surveyOf(literalTree(files), { signal }), { code: 'ABORTED' });
  });
});

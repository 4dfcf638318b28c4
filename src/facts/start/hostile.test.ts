import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { elf } from '../../../tests/make/elf.ts';
import { loaderCache } from '../../../tests/make/loader-cache.ts';
import { imagePath, isFault } from '../../kit/index.ts';
import { literalTree } from '../../rootfs/index.ts';
import { closureOf } from '../loader/index.ts';
import { startOf } from './index.ts';

const loader = '/lib64/ld-linux-x86-64.so.2';
const sound: Readonly<Record<string, Uint8Array>> = {
  '/app': elf({ interpreter: loader, needs: ['liba.so', '$ORIGIN/opt/libb.so'], runpath: '/opt:$ORIGIN/opt:$LIB' }),
  [loader]: elf({ soname: 'ld-linux-x86-64.so.2', strings: ['ld.so stable release version 2.36.'] }),
  '/opt/liba.so': elf({ soname: 'liba.so', needs: ['libb.so'], rpath: 'opt::/opt', versionsDefined: ['A_1'] }),
  '/opt/libb.so': elf({
    soname: 'libb.so',
    needs: ['liba.so'],
    versionsNeeded: [{ file: 'liba.so', versions: ['A_1'] }],
  }),
  '/etc/ld.so.cache': loaderCache({ entries: [{ name: 'libb.so', path: '/opt/libb.so', level: 'x86-64-v3' }] }),
  '/etc/ld.so.preload': Buffer.from('liba.so\n'),
  '/script': Buffer.from('#!/usr/bin/env -S app -x\n'),
};
const names = Object.keys(sound);

/** A few bytes changed in a few files. */
const changes = fc.array(fc.record({ file: fc.constantFrom(...names), at: fc.nat(20_000), value: fc.nat(255) }), {
  minLength: 1,
  maxLength: 8,
});

describe('damaged files', () => {
  it('bring loader and start facts to no other end than an answer or a Fault', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.constantFrom('/app', '/script'), async (damage, command) => {
        const files = Object.fromEntries(names.map((name) => [name, Buffer.from(sound[name] ?? [])]));
        for (const { file, at, value } of damage) {
          const bytes = files[file];
          if (bytes !== undefined) bytes[at % bytes.length] = value;
        }
        const tree = literalTree(
          Object.fromEntries(Object.entries(files).map(([name, content]) => [name, { content, mode: 0o755 }])),
        );
        const config = { entrypoint: [command], env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] };
        const verdict = await startOf(tree, config, { platform: { os: 'linux', architecture: 'amd64' } });
        assert.ok(['yes', 'no', 'unknown'].includes(verdict.starts));
        await closureOf(tree, imagePath('/app')).catch((error: unknown) => {
          if (!isFault(error)) throw error;
        });
      }),
      { numRuns: 400 },
    );
  });

  it('cannot keep the loader busy with endless paths', async () => {
    const elements = Array.from({ length: 8000 }, (_, at) => `/x${at}`);
    const needs = Array.from({ length: 2000 }, (_, at) => `l${at}.so`);
    const app = elf({ interpreter: loader, needs, runpath: elements.join(':') });
    const { missing } = await closureOf(literalTree({ '/app': app }), imagePath('/app'));
    assert.equal(missing.length, needs.length);
    const directories = Object.fromEntries(elements.map((path) => [`${path}/`, { mode: 0o755 }]));
    const tree = literalTree({ '/app': app, ...directories });
    await assert.rejects(closureOf(tree, imagePath('/app')), { code: 'TOO_LARGE' });
  });
});

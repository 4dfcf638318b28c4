import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  executable,
  glibcFiles,
  glibcProgram,
  judgedBy,
  type MadeFiles,
  muslFiles,
  muslProgram,
  sharedLibrary,
} from '../../../../../tests/make/scene.ts';
import { foreignLibcAddon } from './foreign-libc-addon.ts';

const application = {
  '/srv/app.js': executable('#!/usr/bin/node\n'),
  '/srv/package.json': '{"dependencies":{"sharp":"1"}}',
  '/srv/node_modules/sharp/package.json':
    '{"optionalDependencies":{"@img/sharp-linux-x64":"1","@img/sharp-linuxmusl-x64":"1"}}',
};
const onGlibc = { ...glibcFiles(), ...application, '/usr/bin/node': glibcProgram() };
const onMusl = { ...muslFiles, ...application, '/usr/bin/node': muslProgram() };
const addons = {
  glibc: {
    '/srv/node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node': sharedLibrary('sharp.node', {
      needs: ['libc.so.6', 'ld-linux-x86-64.so.2'],
    }),
  },
  musl: {
    '/srv/node_modules/@img/sharp-linuxmusl-x64/lib/sharp-linuxmusl-x64.node': sharedLibrary('sharp.node', {
      needs: ['libc.musl-x86_64.so.1'],
    }),
  },
};
const foundIn = async (files: MadeFiles) => {
  const found = await judgedBy(foreignLibcAddon, { files, config: { entrypoint: ['/srv/app.js'] } });
  return found.map(({ severity, missing = [], about }) => [severity, ...missing, about?.['libc']]);
};

describe('foreign-libc-addon', () => {
  it('speaks of an add-on for glibc where node runs with musl', async () => {
    assert.deepEqual(await foundIn({ ...onMusl, ...addons.glibc }), [['degrades', 'ld-linux-x86-64.so.2', 'glibc']]);
  });

  it('speaks of an add-on for musl where node runs with glibc', async () => {
    assert.deepEqual(await foundIn({ ...onGlibc, ...addons.musl }), [['degrades', 'libc.musl-x86_64.so.1', 'musl']]);
  });

  it('is silent where both are there, and where only the right one is', async () => {
    assert.deepEqual(await foundIn({ ...onGlibc, ...addons.musl, ...addons.glibc }), []);
    assert.deepEqual(await foundIn({ ...onMusl, ...addons.musl }), []);
  });

  it('is silent about a module that musl loads all the same', async () => {
    const path = '/srv/node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node';
    const simple = sharedLibrary('sharp.node', { needs: ['libc.so.6'] });
    assert.deepEqual(await foundIn({ ...onMusl, [path]: simple }), []);
  });
});

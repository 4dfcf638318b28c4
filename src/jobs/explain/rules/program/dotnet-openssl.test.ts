import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dotnetLibrary } from '../../../../../tests/make/runtimes.ts';
import { glibcFiles, glibcProgram, judgedBy, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { dotnetOpenssl } from './dotnet-openssl.ts';

const files = {
  ...glibcFiles(),
  ...dotnetLibrary('/usr/bin'),
  '/usr/bin/dotnet': glibcProgram(),
  '/srv/app.dll': 'MZ',
};
const config = { entrypoint: ['dotnet', '/srv/app.dll'] };

describe('dotnet-openssl', () => {
  it('speaks of .NET without libssl', async () => {
    const [found] = await judgedBy(dotnetOpenssl, { files, config });
    assert.deepEqual([found?.severity, found?.missing], ['notes', ['libssl.so.3']]);
  });

  it('is silent with one of the releases that it takes, and about other programs', async () => {
    const openssl = { '/usr/lib/libssl.so.1.1': sharedLibrary('libssl.so.1.1') };
    assert.deepEqual(await judgedBy(dotnetOpenssl, { files: { ...files, ...openssl }, config }), []);
    assert.deepEqual(await judgedBy(dotnetOpenssl, { files: { ...glibcFiles(), '/app': glibcProgram() } }), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dotnetLibrary } from '../../../../../tests/make/runtimes.ts';
import { glibcFiles, glibcProgram, judgedBy, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { dotnetIcu } from './dotnet-icu.ts';

const files = {
  ...glibcFiles(),
  ...dotnetLibrary('/usr/bin'),
  '/usr/bin/dotnet': glibcProgram(),
  '/srv/app.dll': 'MZ',
  '/srv/app.runtimeconfig.json': '{"runtimeOptions":{"tfm":"net8.0"}}',
};
const config = { entrypoint: ['dotnet', '/srv/app.dll'] };

describe('dotnet-icu', () => {
  it('speaks of .NET without ICU', async () => {
    const [found] = await judgedBy(dotnetIcu, { files, config });
    assert.equal(found?.severity, 'degrades');
    assert.match(found?.says ?? '', /finds no libicuuc/);
  });

  it('speaks of a program that brings its runtime along', async () => {
    const own = { ...glibcFiles(), '/srv/app': glibcProgram(), '/srv/libcoreclr.so': sharedLibrary('libcoreclr.so') };
    assert.equal((await judgedBy(dotnetIcu, { files: own, config: { entrypoint: ['/srv/app'] } })).length, 1);
  });

  it('is silent with ICU, or where the invariant mode is on', async () => {
    const icu = { '/usr/lib/libicuuc.so.72': sharedLibrary('libicuuc.so.72') };
    assert.deepEqual(await judgedBy(dotnetIcu, { files: { ...files, ...icu }, config }), []);
    const env = ['DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1'];
    assert.deepEqual(await judgedBy(dotnetIcu, { files, config: { ...config, env } }), []);
    const properties = '{"runtimeOptions":{"configProperties":{"System.Globalization.Invariant":true}}}';
    const invariant = { ...files, '/srv/app.runtimeconfig.json': properties };
    assert.deepEqual(await judgedBy(dotnetIcu, { files: invariant, config }), []);
  });

  it('is silent about other programs, and damaged configurations do not stop it', async () => {
    assert.deepEqual(await judgedBy(dotnetIcu, { files: { ...glibcFiles(), '/app': glibcProgram() } }), []);
    const damaged = { ...files, '/srv/app.runtimeconfig.json': '{' };
    assert.equal((await judgedBy(dotnetIcu, { files: damaged, config })).length, 1);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcFiles, glibcProgram, judgedBy, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { preloadMissing } from './preload-missing.ts';

describe('preload-missing', () => {
  it('names a library of LD_PRELOAD that is not there', async () => {
    const files = { ...glibcFiles(), '/app': glibcProgram() };
    const [found] = await judgedBy(preloadMissing, { files, config: { env: ['LD_PRELOAD=libjemalloc.so.2'] } });
    assert.equal(found?.severity, 'degrades');
    assert.deepEqual(found?.missing, ['libjemalloc.so.2']);
    assert.match(found?.says ?? '', /^LD_PRELOAD names/);
  });

  it('names one of /etc/ld.so.preload', async () => {
    const files = { ...glibcFiles(), '/app': glibcProgram(), '/etc/ld.so.preload': '/lib/libhook.so\n' };
    const [found] = await judgedBy(preloadMissing, { files });
    assert.match(found?.says ?? '', /^\/etc\/ld\.so\.preload names \/lib\/libhook\.so/);
  });

  it('is silent where it is there, and where nothing is preloaded', async () => {
    const files = { ...glibcFiles(), '/app': glibcProgram(), '/lib/libhook.so': sharedLibrary('libhook.so') };
    assert.deepEqual(await judgedBy(preloadMissing, { files, config: { env: ['LD_PRELOAD=/lib/libhook.so'] } }), []);
    assert.deepEqual(await judgedBy(preloadMissing, { files }), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isaNote } from '../../../../../tests/make/elf-notes.ts';
import { glibcFiles, glibcProgram, judgedBy, sharedLibrary, staticProgram } from '../../../../../tests/make/scene.ts';
import { cpuLevel } from './cpu-level.ts';

describe('cpu-level', () => {
  it('names the level that a library is marked for', async () => {
    const library = sharedLibrary('libx.so.1', { notes: [isaNote(4)] });
    const files = { ...glibcFiles(), '/app': glibcProgram({ needs: ['libx.so.1'] }), '/usr/lib/libx.so.1': library };
    const found = await judgedBy(cpuLevel, { files });
    assert.deepEqual(
      found.map(({ says }) => says),
      ['only CPUs of the level x86-64-v3 run /usr/lib/libx.so.1'],
    );
  });

  it('names the level that a Go program was built for', async () => {
    const go = { settings: new Map([['GOAMD64', 'v3']]) };
    const [found] = await judgedBy(cpuLevel, { files: { '/app': staticProgram() }, go });
    assert.match(found?.says ?? '', /GOAMD64=v3/);
  });

  it('is silent about the baseline', async () => {
    const files = { ...glibcFiles(), '/app': glibcProgram({ notes: [isaNote(1)] }) };
    assert.deepEqual(await judgedBy(cpuLevel, { files, go: { settings: new Map([['GOAMD64', 'v1']]) } }), []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { glibcFiles, glibcProgram, judgedBy, sharedLibrary } from '../../../../../tests/make/scene.ts';
import { noVersionInformation } from './no-version-information.ts';

const program = glibcProgram({
  needs: ['libfoo.so.1', 'libc.so.6'],
  versionsNeeded: [{ file: 'libfoo.so.1', versions: ['FOO_1'] }],
});

describe('no-version-information', () => {
  it('names a library without versions, once for each object that wants some', async () => {
    const files = { ...glibcFiles(), '/app': program, '/usr/lib/libfoo.so.1': sharedLibrary('libfoo.so.1') };
    const found = await judgedBy(noVersionInformation, { files });
    assert.deepEqual(
      found.map(({ severity, about }) => [severity, about]),
      [['notes', { library: '/usr/lib/libfoo.so.1', wantedBy: '/app' }]],
    );
  });

  it('is silent where the library defines versions', async () => {
    const library = sharedLibrary('libfoo.so.1', { versionsDefined: ['FOO_1'] });
    const files = { ...glibcFiles(), '/app': program, '/usr/lib/libfoo.so.1': library };
    assert.deepEqual(await judgedBy(noVersionInformation, { files }), []);
  });
});

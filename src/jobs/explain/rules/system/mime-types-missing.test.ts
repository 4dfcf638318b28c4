import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, type MadeFiles, staticProgram } from '../../../../../tests/make/scene.ts';
import { mimeTypesMissing } from './mime-types-missing.ts';

const serves = { '/app': staticProgram({ strings: ['404 page not foundError reading directory'] }) };
const judge = (files: MadeFiles) => judgedBy(mimeTypesMissing, { files, go: { path: 'command-line-arguments' } });

describe('mime-types-missing', () => {
  it('notes a Go program that serves files without a table of types', async () => {
    assert.deepEqual((await judge(serves))[0]?.missing, ['/etc/mime.types']);
  });

  it('is silent with a table, and about other servers', async () => {
    assert.deepEqual(await judge({ ...serves, '/etc/mime.types': 'text/markdown md' }), []);
    assert.deepEqual(await judge({ '/app': staticProgram({ strings: ['404 page not found'] }) }), []);
    assert.deepEqual(await judgedBy(mimeTypesMissing, { files: serves }), []);
  });
});

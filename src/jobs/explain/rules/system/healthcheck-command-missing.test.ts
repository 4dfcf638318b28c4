import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { executable, judgedBy, type MadeFiles, staticProgram } from '../../../../../tests/make/scene.ts';
import { healthcheckCommandMissing } from './healthcheck-command-missing.ts';

const app = { '/app': staticProgram() };
const shell = { '/bin/sh': executable('a shell') };
const judge = (test: readonly string[], files: MadeFiles = {}) =>
  judgedBy(healthcheckCommandMissing, { files: { ...app, ...files }, config: { healthcheck: { test } } });
const missingOf = async (test: readonly string[], files: MadeFiles = {}) =>
  (await judge(test, files)).flatMap(({ missing = [] }) => missing);

describe('healthcheck-command-missing', () => {
  it('speaks of a command in exec form', async () => {
    assert.deepEqual(await missingOf(['CMD', 'curl', '-f', 'http://localhost']), ['curl']);
    assert.deepEqual(await judge(['CMD', '/app', 'healthcheck']), []);
    assert.deepEqual(await missingOf(['CMD', 'sh', '-c', 'wget -q x'], shell), ['wget']);
  });

  it('speaks of a shell that is not there, and of a command in its text', async () => {
    const test = ['CMD-SHELL', 'curl -f http://localhost/ || exit 1'];
    assert.deepEqual(await missingOf(test), ['/bin/sh']);
    assert.deepEqual(await missingOf(test, shell), ['curl']);
    assert.equal((await judge(test, shell))[0]?.severity, 'degrades');
    assert.deepEqual(await judge(test, { ...shell, '/usr/bin/curl': executable('curl') }), []);
  });

  it('only notes a command with another to fall back on', async () => {
    const [found] = await judge(['CMD-SHELL', 'curl -f x || wget -q x'], {
      ...shell,
      '/usr/bin/wget': executable('wget'),
    });
    assert.equal(found?.severity, 'notes');
  });

  it('is silent about NONE, nothing, and the shell’s own commands', async () => {
    assert.deepEqual(await judge(['NONE']), []);
    assert.deepEqual(await judge([]), []);
    assert.deepEqual(await judge(['CMD-SHELL', 'test -f /ready && echo ok || exit 1'], shell), []);
  });
});

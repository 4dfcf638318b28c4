import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { shellFormIgnoresCmd } from './shell-form-ignores-cmd.ts';

const judge = (entrypoint: string[], cmd: string[]) =>
  judgedBy(shellFormIgnoresCmd, {
    files: { '/bin/sh': staticProgram(), '/app': staticProgram() },
    config: { entrypoint, cmd },
  });

describe('shell-form-ignores-cmd', () => {
  it('speaks of CMD behind an ENTRYPOINT in shell form', async () => {
    const [found] = await judge(['/bin/sh', '-c', '/app'], ['--flag']);
    assert.equal(found?.severity, 'degrades');
    assert.match(found?.says ?? '', /CMD \["--flag"\]/);
  });

  it('is silent where the text uses its arguments, without CMD, and in exec form', async () => {
    assert.deepEqual(await judge(['/bin/sh', '-c', 'exec /app "$0" "$@"'], ['--flag']), []);
    assert.deepEqual(await judge(['/bin/sh', '-c', '/app'], []), []);
    assert.deepEqual(await judge(['/app'], ['--flag']), []);
  });
});

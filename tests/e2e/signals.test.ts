import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { osless, startOsless, temporaryFolder } from './cli.ts';

describe('Ctrl-C', () => {
  it('ends a command within a second, with 130 or 143, and leaves nothing half-written', async (context) => {
    const cwd = temporaryFolder(context);
    mkdirSync(join(cwd, 'big'));
    // Enough to write that the signal comes in the middle.
    const noise = Buffer.alloc(64 * 1024 * 1024, 'x');
    for (let index = 0; index < 8; index++) writeFileSync(join(cwd, 'big', `${index}`), noise);
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const child = startOsless(['--store', 'store', 'copy', 'rootfs:big', 'docker-archive:out.tar:big:1'], { cwd });
      await new Promise((resolve) => setTimeout(resolve, 250));
      const start = performance.now();
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      assert.equal(await ended, code);
      assert.ok(performance.now() - start < 1500);
      assert.deepEqual(
        readdirSync(cwd).filter((name) => name !== 'store'),
        ['big'],
      );
    }
    assert.equal(osless(['--store', 'store', 'images', '-q'], { cwd }).stdout, '');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgedBy, staticProgram } from '../../../../../tests/make/scene.ts';
import { envTooLarge } from './env-too-large.ts';

const judge = (env: string[]) => judgedBy(envTooLarge, { files: { '/app': staticProgram() }, config: { env } });

describe('env-too-large', () => {
  it('takes 128 KiB with the NUL, as the kernel does, and no byte more', async () => {
    assert.deepEqual(await judge([`A=${'x'.repeat(131_069)}`]), []);
    assert.match((await judge([`A=${'x'.repeat(131_070)}`]))[0]?.says ?? '', /the variable A has 131073 bytes/);
  });

  it('counts bytes and not characters', async () => {
    assert.equal((await judge([`A=${'ä'.repeat(70_000)}`])).length, 1);
  });

  it('adds all of them up', async () => {
    const env = Array.from({ length: 20 }, (_, at) => `A${at}=${'x'.repeat(110_000)}`);
    assert.match((await judge(env))[0]?.says ?? '', /together/);
  });
});

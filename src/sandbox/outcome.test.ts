import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { outcomeOf } from './outcome.ts';
import { makeRunDirectory, type RunDirectory } from './run-directory.ts';

describe('outcomeOf', () => {
  let folder = '';
  let directory: RunDirectory;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'osless-outcome-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    directory = makeRunDirectory(folder, Math.random().toString(16).slice(2), '/');
  });
  const afterLog = (...messages: string[]) => {
    const lines = messages.map((msg) => JSON.stringify({ level: 'error', msg, time: 'now' }));
    writeFileSync(directory.logPath, `${lines.join('\n')}\n`);
    return outcomeOf(1, directory);
  };

  it('takes every code for the program’s own once the runtime has written a pid', () => {
    writeFileSync(directory.pidPath, '4711');
    for (const exitCode of [0, 1, 125, 127, 255]) {
      assert.deepEqual(outcomeOf(exitCode, directory), { exitCode, failure: undefined });
    }
  });

  it('reads in the words of runc and crun whether the program is missing or refused', () => {
    const codes = [
      ['runc run failed: unable to start container process: exec: "/x": stat /x: no such file or directory', 127],
      ['runc run failed: unable to start container process: exec: "x": executable file not found in $PATH', 127],
      ['executable file `/x` not found in $PATH: No such file or directory', 127],
      ['runc run failed: unable to start container process: exec: "/x": permission denied', 126],
      ['open executable: Permission denied', 126],
      ['exec container process `/x`: Exec format error', 126],
    ] as const;
    for (const [message, code] of codes) assert.equal(afterLog(message).exitCode, code, message);
  });

  it('does not blame the program for what the runtime could not set up', () => {
    const mount = 'runc run failed: unable to start container process: error mounting "/x": no such file or directory';
    assert.deepEqual(afterLog('first', mount).failure, { exitCode: 125, message: mount, said: true });
  });

  it('falls back on what mount said, and on the code alone', () => {
    assert.match(outcomeOf(32, directory).failure?.message ?? '', /ended with 32/);
    writeFileSync(directory.mountLogPath, 'mount: merged: permission denied.\nmore\n');
    const expected = { exitCode: 125, message: 'mount: merged: permission denied.', said: false };
    assert.deepEqual(outcomeOf(32, directory).failure, expected);
  });

  it('blames nobody for a signal that came before the start', () => {
    assert.deepEqual(outcomeOf(143, directory), { exitCode: 143, failure: undefined });
  });
});

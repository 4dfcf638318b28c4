import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, uniqueMark } from './identity.ts';
import { heirInfix, withLock } from './lock.ts';

const root = mkdtempSync(join(tmpdir(), 'osless-lock-'));
after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const freshLock = () => join(root, `${++count}`);
const ended = () => withPid(spawnSync(process.execPath, ['-e', '']).pid);
const withPid = (pid: number) => {
  const fields = uniqueMark().split('.');
  fields[3] = String(pid);
  return fields.join('.');
};
const leftOver = (lock: string) => readdirSync(root).filter((name) => join(root, name).startsWith(`${lock}`));

describe('the mark of a process', () => {
  it('tells that it lives, that it has ended, and that another one now has its number', () => {
    const mark = uniqueMark();
    assert.equal(hasEnded(mark), false);
    assert.equal(hasEnded(ended()), true);
    const fields = mark.split('.');
    assert.equal(hasEnded(fields.with(4, '1').join('.')), true);
    assert.equal(hasEnded(fields.with(1, 'otherboot').join('.')), true);
  });

  it('of another machine or another pid namespace tells nothing, and neither does what is no mark', () => {
    const fields = uniqueMark().split('.');
    for (const text of [fields.with(0, 'elsewhere').join('.'), fields.with(2, '1').join('.'), '', 'x', '1.2.3.-1.5']) {
      assert.equal(hasEnded(text), undefined, text);
    }
  });
});

describe('a lock', () => {
  it('lets one after another in, and is gone afterwards, also when the work fails', async () => {
    const lock = freshLock();
    let inside = 0;
    const work = () => {
      assert.equal(++inside, 1);
      inside--;
    };
    await Promise.all(Array.from({ length: 50 }, () => withLock(lock, work)));
    await assert.rejects(
      withLock(lock, () => {
        throw new Error('failed');
      }),
      /failed/,
    );
    assert.deepEqual(leftOver(lock), []);
  });

  it('is taken from a process that has ended', async () => {
    const lock = freshLock();
    symlinkSync(ended(), lock);
    assert.equal(await withLock(lock, () => 'mine'), 'mine');
    assert.deepEqual(leftOver(lock), []);
  });

  it('is left to the heir who takes it from a process that has ended', async () => {
    const lock = freshLock();
    const holder = ended();
    symlinkSync(holder, lock);
    symlinkSync(uniqueMark(), `${lock}${heirInfix}${holder}`);
    let got = false;
    const waiting = withLock(lock, () => {
      got = true;
    });
    await sleep(150);
    assert.equal(got, false);
    unlinkSync(`${lock}${heirInfix}${holder}`);
    await waiting;
    assert.deepEqual(leftOver(lock), []);
  });

  it('is taken although the heirs have ended as well', async () => {
    const lock = freshLock();
    const [holder, heir, heirOfHeir] = [ended(), ended(), ended()];
    symlinkSync(holder, lock);
    symlinkSync(heir, `${lock}${heirInfix}${holder}`);
    symlinkSync(heirOfHeir, `${lock}${heirInfix}${heir}`);
    assert.equal(await withLock(lock, () => 'mine'), 'mine');
    assert.deepEqual(leftOver(lock), []);
  });

  it('is not taken from a process that lives, nor from one that cannot be seen', async () => {
    const foreign = uniqueMark().split('.').with(0, 'elsewhere').join('.');
    for (const holder of [uniqueMark(), foreign]) {
      const lock = freshLock();
      symlinkSync(holder, lock);
      let got = false;
      const waiting = withLock(lock, () => {
        got = true;
      });
      await sleep(150);
      assert.equal(got, false);
      unlinkSync(lock);
      await waiting;
    }
  });

  it('is reported as busy when it stays so', async () => {
    const lock = freshLock();
    symlinkSync(uniqueMark(), lock);
    await assert.rejects(
      withLock(lock, () => 0, 200),
      { code: 'STORE_BUSY' },
    );
  });
});

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { findLookupFailure } from './program.ts';

describe('findLookupFailure', () => {
  let root = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'osless-lookup-'));
    mkdirSync(join(root, 'bin'));
    mkdirSync(join(root, 'closed'));
    for (const [name, mode] of [
      ['bin/tool', 0o755],
      ['bin/plain', 0o644],
      ['bin/root-only', 0o700],
      ['closed/tool', 0o755],
    ] as const) {
      writeFileSync(join(root, name), '');
      chmodSync(join(root, name), mode);
    }
    symlinkSync('loop', join(root, 'loop'));
    symlinkSync('/bin/gone', join(root, 'dangling'));
    chmodSync(join(root, 'closed'), 0o700);
    chmodSync(root, 0o755);
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const lookUp = async (name: string, uid = 0, env = ['PATH=/bin:relative']) => {
    const user = { uid, gid: uid, additionalGids: [] };
    const failure = await findLookupFailure(root, { args: [name], env, cwd: '/bin', user });
    return failure === undefined ? 'found' : `${failure.exitCode} ${failure.message}`;
  };

  it('finds programs by path, relative to the working directory, and by PATH', async () => {
    for (const name of ['/bin/tool', './tool', '../bin/tool', 'tool']) assert.equal(await lookUp(name), 'found', name);
  });

  it('says 127 in the words of runc when there is none', async () => {
    assert.equal(await lookUp('/nope'), '127 exec: "/nope": stat /nope: no such file or directory');
    assert.equal(await lookUp('/dangling'), '127 exec: "/dangling": stat /dangling: no such file or directory');
    assert.equal(await lookUp('nope'), '127 exec: "nope": executable file not found in $PATH');
    assert.equal(await lookUp('tool', 0, []), '127 exec: "tool": executable file not found in $PATH');
    assert.equal(await lookUp('plain'), '127 exec: "plain": executable file not found in $PATH');
  });

  it('says 126 for what nobody, or not this user, may execute', async () => {
    assert.equal(await lookUp('/bin/plain'), '126 exec: "/bin/plain": permission denied');
    assert.equal(await lookUp('/bin'), '126 exec: "/bin": permission denied');
    assert.equal(await lookUp('/bin/root-only', 7), '126 exec: "/bin/root-only": permission denied');
    assert.equal(await lookUp('/closed/tool', 7), '126 exec: "/closed/tool": stat /closed/tool: permission denied');
  });

  it('says 125 for links in circles, as docker does', async () => {
    assert.equal(await lookUp('/loop'), '125 exec: "/loop": stat /loop: too many levels of symbolic links');
  });

  it('leaves to the runtime what lies on its own mounts', async () => {
    assert.equal(await lookUp('/proc/self/exe'), 'found');
  });
});

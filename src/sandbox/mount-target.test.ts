import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { literalTree } from '../rootfs/index.ts';
import { mountTarget } from './mount-target.ts';

const link = (linkTarget: string) => ({ kind: 'symlink' as const, linkTarget });

describe('mountTarget', () => {
  const tree = literalTree({
    '/real/file': '',
    '/up': link('../../../../real'),
    '/absolute': link('/real'),
    '/chain': link('absolute'),
    '/etc/resolv.conf': link('../run/systemd/stub.conf'),
    '/loop': link('loop'),
  });
  const targetOf = (path: string) => mountTarget(tree, path);

  it('stays inside the root, whatever links say', async () => {
    assert.equal(await targetOf('/up/file'), '/real/file');
    assert.equal(await targetOf('/absolute/../../x'), '/x');
    assert.equal(await targetOf('/chain/a/b'), '/real/a/b');
  });

  it('goes where a dangling link points, so that it leads somewhere afterwards', async () => {
    assert.equal(await targetOf('/etc/resolv.conf'), '/run/systemd/stub.conf');
  });

  it('keeps names that are not there', async () => {
    assert.equal(await targetOf('/new/dir/'), '/new/dir');
  });

  it('refuses links that go in circles', async () => {
    await assert.rejects(targetOf('/loop/x'), { code: 'RUNTIME_FAILED' });
  });
});

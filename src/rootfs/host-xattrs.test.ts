import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { imagePath } from '../kit/index.ts';
import { hostTree } from './host.ts';
import { hostXattrs, mayHaveCapabilities } from './host-xattrs.ts';
import { literalTree } from './literal.ts';
import { materialise } from './materialise.ts';
import { makeNode } from './node.ts';
import type { TreeEntry } from './walk.ts';

const work = mkdtempSync(join(tmpdir(), 'host-xattrs-'));
const root = join(work, 'root');
const path = process.env['PATH'];
after(() => {
  process.env['PATH'] = path;
  rmSync(work, { recursive: true });
});
const skip = process.geteuid?.() === 0 ? false : 'only root can set file capabilities';

const netRaw = Buffer.from('0100000200200000000000000000000000000000', 'hex');
const capable = { mode: 0o755, xattrs: new Map([['security.capability', netRaw]]) };
const names = ['/bin/ping', '/bin/with space\\and ü', '/bin/large', '/bin/plain', '/bin/last'];

async function entries(): Promise<TreeEntry[]> {
  const tree = hostTree(root);
  const found: TreeEntry[] = [];
  for (const name of names) {
    const node = await tree.lookup(imagePath(name));
    if (node) found.push({ path: imagePath(name), node });
  }
  return found;
}

async function found(): Promise<string[]> {
  const answer = await hostXattrs(root, await entries());
  return [...answer]
    .map(([name, xattrs]) => `${name} ${Buffer.from(xattrs.get('security.capability') ?? []).toString('hex')}`)
    .sort();
}

describe('hostXattrs', { skip }, () => {
  before(async () => {
    const files = Object.fromEntries(names.map((name) => [name, { ...capable, content: name }]));
    const large = { ...capable, content: Buffer.alloc(3 << 20, 'x') };
    const last = { ...capable, content: Buffer.alloc(5 << 20, 'x') };
    await materialise(
      literalTree({ ...files, '/bin/plain': { content: 'x', mode: 0o755 }, '/bin/large': large, '/bin/last': last }),
      root,
    );
  });
  const want = names
    .filter((name) => name !== '/bin/plain')
    .map((name) => `${name} ${netRaw.toString('hex')}`)
    .sort();

  it('finds file capabilities', async () => {
    assert.deepEqual(await found(), want);
  });

  it('finds them with tar where getfattr is not installed, large files included', async () => {
    mkdirSync(`${work}/programs`);
    symlinkSync('/usr/bin/tar', `${work}/programs/tar`);
    process.env['PATH'] = `${work}/programs`;
    assert.deepEqual(await found(), want);
  });

  it('finds none where neither is installed', async () => {
    process.env['PATH'] = `${work}/root`;
    assert.deepEqual(await found(), []);
  });
});

describe('mayHaveCapabilities', () => {
  const may = (name: string, mode: number) =>
    mayHaveCapabilities(imagePath(name), makeNode({ kind: 'file', mode, sizeBytes: 1 }));

  it('is true of programs only', () => {
    assert.equal(may('/usr/bin/ping', 0o755), true);
    assert.equal(may('/usr/bin/ping', 0o644), false);
    assert.equal(may('/usr/lib/libc.so.6', 0o755), false);
    assert.equal(may('/usr/lib/x.so', 0o755), false);
  });
});

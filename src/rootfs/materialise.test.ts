import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { childPath, imagePath, rootPath } from '../kit/index.ts';
import { hostTree } from './host.ts';
import { hostXattrs } from './host-xattrs.ts';
import { literalTree } from './literal.ts';
import { materialise } from './materialise.ts';
import type { FileTree } from './tree.ts';
import { type TreeEntry, walk } from './walk.ts';

const work = mkdtempSync(join(tmpdir(), 'materialise-'));
after(() => rmSync(work, { recursive: true, force: true }));
let count = 0;
const fresh = (): string => join(work, `${++count}`);
const needsRoot = process.geteuid?.() === 0 ? {} : { skip: 'only root can give files away and make devices' };
const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };

/** In milliseconds; Node 24 shows the half of a microsecond by which times are set later, so that none is cut off. */
const timeOf = (path: string): number => Math.round(lstatSync(path).mtimeMs);

describe('materialise', () => {
  it('writes files, links and directories with modes and times', async () => {
    const dir = fresh();
    const tree = literalTree({
      '/': { kind: 'directory', mode: 0o750, mtimeSeconds: 5 },
      '/bin/tool': { content: 'tool', mode: 0o4755, mtimeSeconds: 1_700_000_000, mtimeNanoseconds: 250_000_000 },
      '/old': { content: '', mtimeSeconds: -86_400 },
      '/read-only/': { mode: 0o555, mtimeSeconds: 7 },
      '/read-only/file': 'x',
      '/link': { linkTarget: '/bin/tool', mtimeSeconds: 9 },
    });
    await materialise(tree, dir, { owners: false });
    assert.equal(readFileSync(`${dir}/bin/tool`, 'utf8'), 'tool');
    const tool = lstatSync(`${dir}/bin/tool`);
    assert.deepEqual([tool.mode & 0o7777, timeOf(`${dir}/bin/tool`)], [0o4755, 1_700_000_000_250]);
    assert.equal(timeOf(`${dir}/old`), -86_400_000);
    assert.deepEqual([lstatSync(`${dir}/read-only`).mode & 0o7777, timeOf(`${dir}/read-only`)], [0o555, 7000]);
    assert.deepEqual([readlinkSync(`${dir}/link`), timeOf(`${dir}/link`)], ['/bin/tool', 9000]);
    assert.deepEqual([lstatSync(dir).mode & 0o7777, timeOf(dir)], [0o750, 5000]);
  });

  it('writes times exactly to the microsecond', async () => {
    const dir = fresh();
    const micros = [1, 123_456, 470_130, 987_654, 999_999];
    const file = (at: number) => ({
      content: '',
      mtimeSeconds: 1_500_000_000,
      mtimeNanoseconds: at * 1000 + 999,
      ...own,
    });
    await materialise(literalTree(Object.fromEntries(micros.map((at) => [`/${at}`, file(at)]))), dir);
    for (const at of micros) {
      assert.equal(lstatSync(`${dir}/${at}`, { bigint: true }).mtimeNs / 1000n, 1_500_000_000_000_000n + BigInt(at));
    }
  });

  it('gives two names of one file one inode', async () => {
    const dir = fresh();
    const one = { content: 'same', identity: '1', ...own };
    await materialise(literalTree({ '/a': one, '/d/b': one, '/c': 'other' }), dir);
    assert.equal(lstatSync(`${dir}/a`).ino, lstatSync(`${dir}/d/b`).ino);
    assert.equal(lstatSync(`${dir}/a`).nlink, 2);
  });

  it('copies a tree of the host so that it shows the same', async () => {
    const [first, second] = [fresh(), fresh()];
    const one = { content: 'same', identity: '1', mode: 0o600, mtimeSeconds: 3, ...own };
    const odd = childPath(rootPath, `odd-${String.fromCharCode(0xdcff)}`);
    await materialise(literalTree({ '/a': one, '/b/c': one, '/l': { linkTarget: odd, ...own }, [odd]: 'x' }), first, {
      owners: false,
    });
    await materialise(hostTree(first), second);
    assert.deepEqual(await metadata(hostTree(second)), await metadata(hostTree(first)));
  });

  it('writes into an empty directory, and not into another', async () => {
    const dir = fresh();
    mkdirSync(dir);
    await materialise(literalTree({ '/a': 'x' }), dir);
    assert.deepEqual(readdirSync(dir), ['a']);
    await assert.rejects(materialise(literalTree({ '/b': 'x' }), dir), { code: 'PLACE_NOT_WRITABLE' });
    assert.deepEqual(readdirSync(dir), ['a']);
  });

  it('leaves nothing behind when it fails', async () => {
    const broken = {
      sizeBytes: 3,
      async *open() {
        yield Buffer.from('a');
        throw new Error('gone');
      },
    };
    const parent = fresh();
    const tree = literalTree({ '/a/': { mode: 0o500 }, '/a/b': 'x', '/z': { content: broken } });
    await assert.rejects(materialise(tree, `${parent}/new`), { message: 'gone' });
    assert.deepEqual(readdirSync(parent), []);
    mkdirSync(`${parent}/there`);
    await assert.rejects(materialise(tree, `${parent}/there`), { message: 'gone' });
    assert.deepEqual(readdirSync(`${parent}/there`), []);
  });

  it('never writes outside, whatever names a tree gives', async () => {
    const outside = fresh();
    mkdirSync(outside);
    for (const name of ['..', '../evil', 'link/evil', '.', 'a\0b']) {
      await assert.rejects(materialise(hostile(name, outside), fresh()), { code: 'UNSUPPORTED' }, JSON.stringify(name));
    }
    assert.deepEqual(readdirSync(outside), []);
  });

  it('keeps holes out of the disk', async () => {
    const dir = fresh();
    const content = {
      async *open() {
        for (let at = 0; at < 64; at++) yield Buffer.alloc(1 << 16);
        yield Buffer.from('end');
      },
    };
    await materialise(literalTree({ '/sparse': { content, sizeBytes: (1 << 22) + 3 } }), dir);
    const { size, blocks } = lstatSync(`${dir}/sparse`);
    assert.equal(size, (1 << 22) + 3);
    assert.ok(blocks * 512 < 1 << 20, `${blocks} blocks are on the disk`);
  });

  it('stops when it is told to', async () => {
    const files = Object.fromEntries(Array.from({ length: 600 }, (_, at) => [`/${at}`, 'x']));
    await assert.rejects(materialise(literalTree(files), fresh(), { signal: AbortSignal.abort() }), {
      code: 'ABORTED',
    });
  });

  it('gives files away, with set-uid, and makes devices, fifos and capabilities', needsRoot, async () => {
    const dir = fresh();
    const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');
    const tree = literalTree({
      '/bin/': { uid: 1, gid: 2 },
      '/bin/su': { content: 'su', mode: 0o6755, uid: 3, gid: 4 },
      '/bin/ping': {
        content: 'ping',
        mode: 0o755,
        uid: 5,
        mtimeSeconds: 8,
        identity: '1',
        xattrs: new Map([['security.capability', capability]]),
      },
      '/bin/ping4': { content: 'ping', mode: 0o755, uid: 5, mtimeSeconds: 8, identity: '1' },
      '/dev/': { mtimeSeconds: 6 },
      '/dev/null': { kind: 'character-device', mode: 0o666, device: { major: 1, minor: 3 } },
      '/run/pipe': { kind: 'fifo', mode: 0o600, uid: 9 },
      '/link': { linkTarget: 'x', uid: 7, gid: 7 },
    });
    await materialise(tree, dir);
    const shown = new Map((await metadata(hostTree(dir))).map((line) => [line.split(' ')[0], line]));
    assert.equal(shown.get('/bin/su'), '/bin/su file 6755 3:4 0');
    assert.equal(shown.get('/bin'), '/bin directory 755 1:2 0');
    assert.equal(shown.get('/dev/null'), '/dev/null character-device 666 0:0 0 1,3');
    assert.equal(shown.get('/dev'), '/dev directory 755 0:0 6');
    assert.equal(shown.get('/run/pipe'), '/run/pipe fifo 600 9:0 0');
    assert.equal(shown.get('/link'), '/link symlink 777 7:7 0');
    assert.match(shown.get('/bin/ping') ?? '', /^\/bin\/ping file 755 5:0 8/);
    assert.equal(lstatSync(`${dir}/bin/ping4`).nlink, 2);
    const found = await hostXattrs(dir, await entriesOf(hostTree(dir)));
    assert.deepEqual([...found.keys()].sort(), ['/bin/ping', '/bin/ping4']);
    assert.deepEqual(Buffer.from(found.get(imagePath('/bin/ping'))?.get('security.capability') ?? []), capability);
    const skipped = fresh();
    await materialise(tree, skipped, { devices: 'skip' });
    assert.equal(existsSync(`${skipped}/dev/null`), false);
  });

  it('says what is not allowed, when it is not root', needsRoot, async () => {
    const parent = fresh();
    mkdirSync(parent);
    chmodSync(work, 0o755);
    chownSync(parent, 65534, 65534);
    process.seteuid?.(65534);
    try {
      const device = literalTree({ '/null': { kind: 'character-device', device: { major: 1, minor: 3 } } });
      await assert.rejects(materialise(device, `${parent}/new`), {
        code: 'SYSTEM',
        message: /Operation not permitted/,
      });
      await assert.rejects(
        materialise(literalTree({ '/a': { content: '', uid: 1 } }), `${parent}/new`, { owners: true }),
        {
          code: 'SYSTEM',
          hint: 'Run as root, or write without owners.',
        },
      );
      await materialise(
        literalTree({ '/a/': { mode: 0o500, uid: 1 }, '/a/b': { content: '', uid: 1 } }),
        `${parent}/good`,
      );
      assert.deepEqual(readdirSync(parent), ['good']);
    } finally {
      process.seteuid?.(0);
    }
  });
});

async function entriesOf(tree: FileTree): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  for await (const entry of walk(tree)) entries.push(entry);
  return entries;
}

async function metadata(tree: FileTree): Promise<string[]> {
  return (await entriesOf(tree)).map(({ path, node }) => {
    const device = node.device ? ` ${node.device.major},${node.device.minor}` : '';
    return `${path} ${node.kind} ${node.mode.toString(8)} ${node.uid}:${node.gid} ${node.mtimeSeconds}${node.linkTarget && ''}${device}`;
  });
}

/** A tree that has a link to `outside`, and then says that its root also has `name`. */
function hostile(name: string, outside: string): FileTree {
  const files = literalTree({ '/link': { linkTarget: outside }, '/file': 'evil' });
  return {
    list: async (path) => (path === '/' ? ['link', name] : []),
    lookup: async (path) => (path === '/' || path === '/link' ? files.lookup(path) : files.lookup(imagePath('/file'))),
  };
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../tests/make/elf.ts';
import { makeGzipLayer } from '../../tests/make/layer.ts';
import { inPieces, type TarSpec } from '../../tests/make/tar.ts';
import { findStrings, parseElf, readSymbols } from '../formats/elf/index.ts';
import { imagePath, readAll, readAt, type Source } from '../kit/index.ts';
import { treeOf } from './from-image.ts';

/** A layer that comes in pieces of this size, and counts how often it is read. */
async function layerInPieces(specs: readonly TarSpec[], size: number) {
  const layer = await makeGzipLayer(specs);
  const bytes = await readAll(layer.tar, 2 ** 30);
  let opened = 0;
  const open = () => {
    opened++;
    return inPieces(bytes, size);
  };
  return { ...layer, tar: { open }, opened: () => opened };
}

const sizes = [777, 64 * 1024, 2 ** 26];

async function factsOf(specs: readonly TarSpec[], { size = 64 * 1024, wanted = [] as readonly string[] } = {}) {
  const layer = await layerInPieces(specs, size);
  const tree = await treeOf({ layers: [layer] }, { keep: 'facts', wanted });
  const contentOf = async (path: string): Promise<Source> => {
    const node = await tree.lookup(imagePath(path));
    assert.ok(node, path);
    return node.content;
  };
  const textOf = async (path: string) => (await readAll(await contentOf(path), 2 ** 26)).toString('latin1');
  return { tree, layer, contentOf, textOf };
}

const filler = (length: number): string => 'abcdefghij'.repeat(Math.ceil(length / 10)).slice(0, length);

describe('a tree that keeps facts answers without reading a layer again', () => {
  it('what the first bytes of a file are', async () => {
    const specs = [
      { path: 'data', content: filler(1_000_000) },
      { path: 'b', content: filler(200_000) },
    ];
    for (const size of sizes) {
      const { tree, contentOf } = await factsOf(specs, { size });
      for (const path of ['/data', '/b']) {
        assert.equal(Buffer.from(await readAt(await contentOf(path), 0, 512)).toString(), filler(512));
      }
      assert.equal(tree.rereads(), 0);
    }
  });

  it('what stands in scripts, in /etc and in databases of packages', async () => {
    const script = `#!/bin/sh\n${filler(100_000)}`;
    const specs = [
      { path: 'etc/ssl/openssl.cnf', content: filler(90_000) },
      { path: 'srv/run', content: script },
      { path: 'var/lib/dpkg/status', content: filler(5_000_000) },
    ];
    for (const size of sizes) {
      const { tree, textOf } = await factsOf(specs, { size });
      assert.equal(await textOf('/etc/ssl/openssl.cnf'), filler(90_000));
      assert.equal(await textOf('/srv/run'), script);
      assert.equal(await textOf('/var/lib/dpkg/status'), filler(5_000_000));
      assert.equal(tree.rereads(), 0);
      tree.close();
    }
  });

  it('what stands in files that were named, by a path, a link or a script', async () => {
    const specs = [
      { path: 'a/entry', content: '#!/bin/sh\nexec /opt/called "$@"\n' },
      { path: 'a/link', linkTarget: '../b/target' },
      { path: 'b/named', content: filler(90_000) },
      { path: 'b/target', content: filler(90_001) },
      { path: 'opt/called', content: filler(90_002) },
    ];
    const { tree, textOf } = await factsOf(specs, { wanted: ['/a/entry', '/x/link', 'named'] });
    assert.equal((await textOf('/b/named')).length, 90_000);
    assert.equal((await textOf('/b/target')).length, 90_001);
    assert.equal((await textOf('/opt/called')).length, 90_002);
    assert.equal(tree.rereads(), 0);
    tree.close();
  });

  it('what an ELF file says of itself and which symbols it has', async () => {
    const symbols = Array.from({ length: 500 }, (_, at) => ({ name: `symbol_${at}`, defined: at % 2 === 0 }));
    const library = elf({ soname: 'libx.so', needs: ['libc.so.6'], symbols, padding: 100_000 });
    const program = elf({ needs: ['libx.so'], interpreter: '/lib/ld.so', symbols: [], strings: [filler(20_000)] });
    const specs = [
      { path: 'usr/lib/libx.so', content: library },
      { path: 'usr/bin/program', content: program },
    ];
    for (const size of sizes) {
      const { tree, contentOf } = await factsOf(specs, { size, wanted: ['program'] });
      const file = await contentOf('/usr/lib/libx.so');
      const facts = await parseElf(file);
      assert.deepEqual(facts?.dynamic?.needed, ['libc.so.6']);
      assert.equal((await readSymbols(file, facts)).length, 500);
      const own = await contentOf('/usr/bin/program');
      const parsed = await parseElf(own);
      assert.ok(parsed);
      assert.ok((await findStrings(own, parsed)).includes(filler(20_000)));
      assert.equal(tree.rereads(), 0);
    }
  });

  it('what a large ELF file says beyond its code', async () => {
    const symbols = [{ name: 'first', defined: true }];
    const large = elf({ soname: 'liblarge.so', needs: ['libm.so'], symbols, code: new Uint8Array(17 * 2 ** 20) });
    for (const size of [100_000, 2 ** 26]) {
      const { tree, contentOf } = await factsOf([{ path: 'usr/lib/liblarge.so', content: large }], { size });
      const file = await contentOf('/usr/lib/liblarge.so');
      const facts = await parseElf(file);
      assert.equal(facts?.dynamic?.soname, 'liblarge.so');
      assert.deepEqual(
        (await readSymbols(file, facts)).map(({ name }) => name),
        ['first'],
      );
      assert.equal(tree.rereads(), 0);
    }
  });

  it('which symbols a program wants that has none itself', async () => {
    const symbols = [{ name: 'wanted', defined: false }];
    const program = elf({ needs: ['libx.so'], interpreter: '/lib/ld.so', symbols, hash: 'gnu', padding: 5000 });
    const { tree, contentOf } = await factsOf([{ path: 'usr/bin/program', content: program }]);
    const file = await contentOf('/usr/bin/program');
    const facts = await parseElf(file);
    assert.ok(facts);
    assert.deepEqual(
      (await readSymbols(file, facts)).map(({ name }) => name),
      ['wanted'],
    );
    assert.equal(tree.rereads(), 0);
  });

  it('that an ELF file names what lies beyond its end', async () => {
    const cut = elf({ needs: ['a', 'b'], symbols: [{ name: 'x' }], code: new Uint8Array(20_000) });
    for (const length of [64, 120, 1000, 9000, 20_500]) {
      const { tree, contentOf } = await factsOf([{ path: 'cut', content: cut.subarray(0, length) }]);
      const file = await contentOf('/cut');
      await assert.rejects(parseElf(file), { code: 'ELF_MALFORMED' });
      assert.equal((await readAt(file, length, 10)).length, 0);
      assert.equal(tree.rereads(), 0);
    }
  });

  it('that a damaged ELF file is one', async () => {
    const damaged = elf({ needs: ['a'], symbols: [] }).subarray(0, 300);
    const { tree, contentOf } = await factsOf([{ path: 'bad', content: Buffer.concat([damaged, Buffer.alloc(0)]) }]);
    await assert.rejects(parseElf(await contentOf('/bad')), { code: 'ELF_MALFORMED' });
    assert.equal(tree.rereads(), 0);
  });
});

describe('a tree that keeps facts answers all other questions too', () => {
  it('by reading the layer again, with the same bytes', async () => {
    const large = elf({ soname: 'liblarge.so', strings: [filler(50_000)] });
    const specs = [
      { path: 'data', content: filler(1_000_000) },
      { path: 'usr/lib/liblarge.so', content: large },
    ];
    const { tree, contentOf, textOf, layer } = await factsOf(specs, { size: 10_000 });
    assert.equal(await textOf('/data'), filler(1_000_000));
    assert.equal(await textOf('/usr/lib/liblarge.so'), Buffer.from(large).toString('latin1'));
    const middle = await readAt(await contentOf('/data'), 500, 100);
    assert.equal(Buffer.from(middle).toString(), filler(1000).slice(500, 600));
    assert.ok(tree.rereads() > 0);
    assert.equal(layer.opened(), tree.rereads() + 1);
    tree.close();
  });

  it('of a sparse or an empty file', async () => {
    const { textOf } = await factsOf([{ path: 'empty', content: '' }]);
    assert.equal(await textOf('/empty'), '');
  });

  it('and gives the end of a file to who reads beyond it', async () => {
    const { contentOf } = await factsOf([{ path: 'etc/x', content: 'short' }]);
    const content = await contentOf('/etc/x');
    assert.equal((await readAt(content, 3, 10)).length, 2);
    assert.equal((await readAt(content, 10, 10)).length, 0);
  });
});

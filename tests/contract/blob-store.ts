import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BlobStore, NamedStore } from '../../src/content/index.ts';
import { mediaTypes } from '../../src/formats/oci/index.ts';
import { bytesSource, digestOf, readAll, readAt, type Source, textSource } from '../../src/kit/index.ts';

/** What every store of blobs promises. A new store earns its place by passing this. */
export function blobStoreContract(name: string, makeStore: () => Promise<BlobStore>): void {
  describe(`${name} keeps the promises of a BlobStore`, () => {
    it('has a blob only after it was put', async () => {
      const store = await makeStore();
      const put = await store.put(textSource('hello'));
      assert.deepEqual(put, { digest: digestOf('hello'), sizeBytes: 5 });
      assert.equal(await store.has(put.digest), true);
      assert.equal(await store.has(digestOf('other')), false);
    });

    it('answers BLOB_NOT_FOUND for a blob that it does not have', async () => {
      const store = await makeStore();
      await assert.rejects(store.get(digestOf('other')), { code: 'BLOB_NOT_FOUND' });
    });

    it('gives back what was put, as often as it is opened', async () => {
      const store = await makeStore();
      const bytes = Buffer.alloc(3_500_001, 'osless');
      const { digest } = await store.put(chunked(bytes, 70_001));
      const source = await store.get(digest);
      assert.equal(source.sizeBytes, bytes.length);
      for (let time = 0; time < 2; time++) assert.ok((await readAll(source, bytes.length)).equals(bytes));
    });

    it('gives any range of what was put', async () => {
      const store = await makeStore();
      const source = await store.get((await store.put(textSource('0123456789'))).digest);
      assert.equal(Buffer.from(await readAt(source, 3, 4)).toString(), '3456');
      assert.equal(Buffer.from(await readAt(source, 8, 40)).toString(), '89');
      assert.equal((await readAt(source, 40, 1)).byteLength, 0);
    });

    it('keeps an empty blob', async () => {
      const store = await makeStore();
      const { digest, sizeBytes } = await store.put(bytesSource(new Uint8Array(0)));
      assert.equal(sizeBytes, 0);
      assert.equal((await readAll(await store.get(digest), 0)).length, 0);
    });

    it('does not mind a blob that is put again, also by two at once', async () => {
      const store = await makeStore();
      const puts = await Promise.all(Array.from({ length: 4 }, () => store.put(textSource('again'))));
      assert.deepEqual(new Set(puts.map(({ digest }) => digest)), new Set([digestOf('again')]));
    });

    it('keeps a blob under the sha512 that was expected', async () => {
      const store = await makeStore();
      const digest = digestOf('x', 'sha512');
      await store.put(textSource('x'), { digest, sizeBytes: 1 });
      assert.equal((await readAll(await store.get(digest), 1)).toString(), 'x');
    });

    it('keeps nothing when the bytes are not those expected', async () => {
      const store = await makeStore();
      const digest = digestOf('right');
      for (const source of [textSource('wrong'), textSource('righ'), chunked(Buffer.alloc(2_000_000), 1_000_000)]) {
        await assert.rejects(store.put(source, { digest }), { code: 'DIGEST_MISMATCH' });
      }
      await assert.rejects(store.put(textSource('right'), { digest, sizeBytes: 4 }), { code: 'DIGEST_MISMATCH' });
      assert.equal(await store.has(digest), false);
      assert.equal(await store.has(digestOf('wrong')), false);
    });

    it('stops reading when more bytes come than were announced', async () => {
      const store = await makeStore();
      await assert.rejects(store.put(endlessSource(), { digest: digestOf('x'), sizeBytes: 3_000_000 }), {
        code: 'DIGEST_MISMATCH',
      });
    });

    it('keeps nothing when the source breaks off', async () => {
      const store = await makeStore();
      await assert.rejects(store.put(breakingSource()), /broke off/);
      assert.equal(await store.has(digestOf(Buffer.alloc(2_000_000))), false);
      await store.put(textSource('next'));
    });

    it('keeps its own copy of bytes that the source uses again', async () => {
      const store = await makeStore();
      const { digest } = await store.put(reusingSource());
      assert.equal(digest, digestOf('abc'));
      assert.equal((await readAll(await store.get(digest), 3)).toString(), 'abc');
    });
  });
}

/** What every store with names promises, beyond what a BlobStore does. */
export function namedStoreContract(name: string, makeStore: () => Promise<NamedStore>): void {
  blobStoreContract(name, makeStore);
  describe(`${name} keeps the promises of a NamedStore`, () => {
    const put = async (store: NamedStore, text: string) => {
      const blob = await store.put(textSource(text));
      return { mediaType: mediaTypes.manifest, digest: blob.digest, size: blob.sizeBytes };
    };
    const digests = async (store: NamedStore) =>
      (await store.names()).map(({ name: at, descriptor }) => [at, descriptor.digest]);

    it('has no names at first', async () => {
      assert.deepEqual(await (await makeStore()).names(), []);
    });

    it('gives names back sorted, each with its descriptor', async () => {
      const store = await makeStore();
      for (const text of ['v2', 'v10', 'a']) await store.setName(text, await put(store, `{"${text}":1}`));
      assert.deepEqual(
        (await store.names()).map((it) => it.name),
        ['a', 'v10', 'v2'],
      );
      const [first] = await store.names();
      assert.equal(first?.descriptor.digest, digestOf('{"a":1}'));
      assert.equal(first?.descriptor.size, 7);
    });

    it('moves a name to what it was last set to', async () => {
      const store = await makeStore();
      await store.setName('a', await put(store, '{"old":1}'));
      await store.setName('a', await put(store, '{}'));
      assert.deepEqual(await digests(store), [['a', digestOf('{}')]]);
    });

    it('lets one image have several names, tags and whole references', async () => {
      const store = await makeStore();
      const descriptor = await put(store, '{}');
      const names = ['docker.io/library/a:1', 'docker.io/library/b:1', 'tag'];
      for (const each of names) await store.setName(each, descriptor);
      assert.deepEqual(
        await digests(store),
        names.map((each) => [each, descriptor.digest]),
      );
      assert.equal(await store.removeName('docker.io/library/a:1'), true);
      assert.deepEqual(
        (await store.names()).map((it) => it.name),
        names.slice(1),
      );
    });

    it('keeps the annotations of what it names', async () => {
      const store = await makeStore();
      const platform = { os: 'linux', architecture: 'arm64' };
      await store.setName('a', { ...(await put(store, '{}')), platform, annotations: { more: 'x' } });
      const [first] = await store.names();
      assert.equal(first?.descriptor.annotations?.['more'], 'x');
      assert.deepEqual(first?.descriptor.platform, platform);
    });

    it('says whether there was a name to remove', async () => {
      const store = await makeStore();
      assert.equal(await store.removeName('a'), false);
      await store.setName('a', await put(store, '{}'));
      assert.equal(await store.removeName('a'), true);
      assert.deepEqual(await store.names(), []);
    });

    it('loses no name when many are set at once', async () => {
      const store = await makeStore();
      const descriptor = await put(store, '{}');
      const names = Array.from({ length: 20 }, (_, at) => `name-${at + 10}`);
      await Promise.all(names.map((each) => store.setName(each, descriptor)));
      assert.deepEqual(
        (await store.names()).map((it) => it.name),
        names,
      );
    });
  });
}

const chunked = (bytes: Uint8Array, size: number): Source => ({
  async *open() {
    for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
  },
});

const breakingSource = (): Source => ({
  async *open() {
    yield Buffer.alloc(2_000_000);
    throw new Error('the source broke off');
  },
});

const endlessSource = (): Source => ({
  async *open() {
    for (;;) yield Buffer.alloc(100_000);
  },
});

const reusingSource = (): Source => ({
  async *open() {
    const buffer = Buffer.alloc(1);
    for (const letter of 'abc') {
      buffer.write(letter);
      yield buffer;
    }
  },
});

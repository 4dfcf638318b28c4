import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { mediaTypes } from '../formats/oci/index.ts';
import { type Digest, digestOf, readAll, textSource } from '../kit/index.ts';
import { uniqueMark } from './identity.ts';
import { type NamedStore, openLayout, openStore } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'osless-layout-'));
after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const fresh = () => join(root, `${++count}`);
const pathOf = (directory: string, digest: Digest) => join(directory, 'blobs/sha256', digest.slice('sha256:'.length));
const hasBlob = (directory: string, text: string) => existsSync(pathOf(directory, digestOf(text)));

async function put(store: NamedStore, text: string) {
  const { digest, sizeBytes } = await store.put(textSource(text));
  return { mediaType: mediaTypes.manifest, digest, size: sizeBytes };
}

/** A manifest of one config and one layer, all of them put. */
async function putManifest(store: NamedStore, text: string) {
  const [config, layer] = [await put(store, `config ${text}`), await put(store, `layer ${text}`)];
  return put(store, JSON.stringify({ schemaVersion: 2, config, layers: [layer] }));
}

describe('a layout directory', () => {
  it('is made as the specification says, and holds nothing else', async () => {
    const directory = fresh();
    const store = await openLayout(directory, { create: true });
    assert.equal(existsSync(directory), false);
    await store.setName('v1', await put(store, '{}'));
    assert.deepEqual(readdirSync(directory).sort(), ['blobs', 'index.json', 'oci-layout']);
    assert.equal(readFileSync(join(directory, 'oci-layout'), 'utf8'), '{"imageLayoutVersion":"1.0.0"}');
    assert.equal(JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')).manifests[0].digest, digestOf('{}'));
  });

  it('is not made where other files are, nor found where there is none', async () => {
    const directory = fresh();
    await assert.rejects(openLayout(directory), { code: 'FILE_NOT_FOUND' });
    mkdirSync(directory);
    await assert.rejects(openLayout(directory), { code: 'LAYOUT_MALFORMED' });
    writeFileSync(join(directory, 'letter.txt'), '');
    await assert.rejects(openLayout(directory, { create: true }), { code: 'PLACE_NOT_WRITABLE' });
    await assert.rejects(openStore(directory), { code: 'PLACE_NOT_WRITABLE' });
  });

  it('is refused when its version is another one', async () => {
    for (const text of ['{"imageLayoutVersion":"2.0.0"}', '{}', 'null', '', '[', '{"imageLayoutVersion":1}']) {
      const directory = fresh();
      mkdirSync(directory);
      writeFileSync(join(directory, 'oci-layout'), text);
      await assert.rejects(openLayout(directory), { code: 'LAYOUT_MALFORMED' }, text);
    }
  });

  it('keeps what other tools wrote into its index', async () => {
    const directory = fresh();
    const store = await openLayout(directory, { create: true });
    const descriptor = await put(store, '{}');
    const foreign = { ...descriptor, annotations: { 'org.opencontainers.image.ref.name': 'theirs' }, 'x-entry': 1 };
    writeFileSync(
      join(directory, 'index.json'),
      JSON.stringify({ schemaVersion: 2, 'x-more': 1, manifests: [foreign] }),
    );
    await store.setName('ours', descriptor);
    const index = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8'));
    assert.equal(index['x-more'], 1);
    assert.deepEqual(index.manifests[0], foreign);
    assert.equal(index.manifests.length, 2);
  });

  it('knows an image by the name that containerd gave it', async () => {
    const directory = fresh();
    const store = await openLayout(directory, { create: true });
    const annotations = {
      'org.opencontainers.image.ref.name': '1',
      'io.containerd.image.name': 'docker.io/library/nginx:1',
    };
    const manifests = [{ ...(await put(store, '{}')), annotations }];
    writeFileSync(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
    assert.deepEqual(
      (await store.names()).map(({ name }) => name),
      ['docker.io/library/nginx:1'],
    );
  });

  it('tells when a blob was altered, cut short, or is a pipe', async () => {
    const directory = fresh();
    const store = await openLayout(directory, { create: true });
    const { digest } = await put(store, 'right');
    for (const text of ['wrong', 'righ', '']) {
      writeFileSync(pathOf(directory, digest), text);
      await assert.rejects(async () => readAll(await store.get(digest), 100), { code: 'DIGEST_MISMATCH' }, text);
    }
    rmSync(pathOf(directory, digest));
    execFileSync('mkfifo', [pathOf(directory, digest)]);
    await assert.rejects(store.get(digest), { code: 'BLOB_NOT_FOUND' });
  });

  it('has a damaged blob repaired when it is put again', async () => {
    const directory = fresh();
    const store = await openLayout(directory, { create: true });
    const { digest } = await put(store, 'right');
    writeFileSync(pathOf(directory, digest), 'wrong');
    await put(store, 'right');
    assert.equal(readFileSync(pathOf(directory, digest), 'utf8'), 'right');
  });

  it('may have symlinks for blobs, as build tools make them', async () => {
    const directory = fresh();
    const store = await openLayout(directory, { create: true });
    await put(store, 'other');
    writeFileSync(join(root, 'elsewhere'), 'linked');
    symlinkSync(join(root, 'elsewhere'), pathOf(directory, digestOf('linked')));
    assert.equal((await readAll(await store.get(digestOf('linked')), 10)).toString(), 'linked');
  });

  it('gives no name to an image whose parts are not there', async () => {
    const store = await openLayout(fresh(), { create: true });
    const descriptor = await putManifest(store, 'a');
    await assert.rejects(store.setName('a', { ...descriptor, digest: digestOf('absent') }), { code: 'BLOB_NOT_FOUND' });
    const absent = { mediaType: mediaTypes.layer, digest: digestOf('absent'), size: 6 };
    const partial = await put(store, JSON.stringify({ schemaVersion: 2, config: absent, layers: [] }));
    await assert.rejects(store.setName('a', partial), { code: 'BLOB_NOT_FOUND' });
    assert.deepEqual(await store.names(), []);
  });

  it('may name an index of which only one platform is there', async () => {
    const store = await openLayout(fresh(), { create: true });
    const absent = { mediaType: mediaTypes.manifest, digest: digestOf('absent'), size: 6 };
    const manifests = [await putManifest(store, 'here'), absent];
    const index = await put(store, JSON.stringify({ schemaVersion: 2, manifests }));
    await store.setName('a', { ...index, mediaType: mediaTypes.index });
    assert.equal((await store.names()).length, 1);
  });
});

describe('the local store', () => {
  it('is not made by looking into it', async () => {
    const directory = fresh();
    const store = await openStore(directory);
    assert.deepEqual(await store.names(), []);
    assert.equal(await store.has(digestOf('x')), false);
    assert.equal(await store.removeName('x'), false);
    assert.deepEqual(await store.removeUnused(), { blobs: 0, sizeBytes: 0 });
    assert.equal(existsSync(directory), false);
  });

  it('removes what no name leads to, and nothing else', async () => {
    const directory = fresh();
    const store = await openStore(directory);
    await store.setName('kept', await putManifest(store, 'kept'));
    const index = await put(
      store,
      JSON.stringify({ schemaVersion: 2, manifests: [await putManifest(store, 'nested')] }),
    );
    await store.setName('index', { ...index, mediaType: mediaTypes.index });
    await store.setName('gone', await putManifest(store, 'gone'));
    await store.removeName('gone');
    const removed = await store.removeUnused();
    assert.equal(removed.blobs, 3);
    assert.ok(removed.sizeBytes > 'config gone'.length);
    for (const text of ['kept', 'nested'])
      assert.ok(hasBlob(directory, `layer ${text}`) && hasBlob(directory, `config ${text}`));
    for (const text of ['layer gone', 'config gone']) assert.equal(hasBlob(directory, text), false);
    assert.deepEqual(readdirSync(join(directory, 'osless')), []);
  });

  it('keeps what a living writer has put or found there, until it has a name', async () => {
    const directory = fresh();
    const [writer, other] = [await openStore(directory), await openStore(directory)];
    await other.setName('a', await putManifest(other, 'shared'));
    const manifest = await putManifest(writer, 'new');
    await writer.put(textSource('layer shared'), { digest: digestOf('layer shared'), sizeBytes: 12 });
    await other.removeName('a');
    assert.equal((await other.removeUnused()).blobs, 2);
    assert.ok(hasBlob(directory, 'layer shared') && hasBlob(directory, 'layer new'));
    await writer.setName('b', manifest);
    assert.equal((await other.removeUnused()).blobs, 0);
    await other.removeName('b');
    assert.equal((await other.removeUnused()).blobs, 3);
    assert.ok(hasBlob(directory, 'layer shared'));
  });

  it('has no care for the leases and files of processes that have ended', async () => {
    const directory = fresh();
    const store = await openStore(directory);
    await store.setName('a', await putManifest(store, 'a'));
    const loose = digestOf('loose');
    writeFileSync(pathOf(directory, loose), 'loose');
    const fields = uniqueMark().split('.');
    const mark = fields.with(4, '1').join('.');
    writeFileSync(join(directory, 'osless', `lease-${mark}`), `${loose}\n`);
    writeFileSync(join(directory, 'osless', `tmp-${mark}`), 'half');
    symlinkSync(mark, join(directory, 'osless', 'lock'));
    assert.deepEqual(await store.removeUnused(), { blobs: 1, sizeBytes: 5 });
    assert.deepEqual(readdirSync(join(directory, 'osless')), []);
  });

  it('is a layout for everyone else', async () => {
    const directory = fresh();
    const store = await openStore(directory);
    await store.setName('docker.io/library/a:1', await putManifest(store, 'a'));
    const layout = await openLayout(directory);
    assert.deepEqual(await layout.names(), await store.names());
    const manifest = await putManifest(layout, 'b');
    assert.equal((await store.removeUnused()).blobs, 0);
    await layout.setName('docker.io/library/b:1', manifest);
    assert.deepEqual(
      (await store.names()).map(({ name }) => name),
      ['docker.io/library/a:1', 'docker.io/library/b:1'],
    );
  });

  it('keeps a spooled input on its disk without a name', async () => {
    const directory = fresh();
    const store = await openStore(directory);
    const { source, close } = await store.spool(textSource('once').open());
    assert.deepEqual(readdirSync(join(directory, 'osless')), []);
    for (let time = 0; time < 2; time++) assert.equal((await readAll(source, 10)).toString(), 'once');
    close();
  });
});

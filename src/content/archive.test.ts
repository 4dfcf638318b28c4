import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type MadeLayer, makeTar } from '../../tests/make/image.ts';
import { mediaTypes, parseManifest } from '../formats/oci/index.ts';
import { digestOf, readAll, type Source } from '../kit/index.ts';
import { type Archive, openArchive } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'osless-archive-'));
after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;

const bytesOf = (layer: MadeLayer) => readAll({ open: () => makeTar(layer) } satisfies Source, 1 << 28);

async function fileOf(layer: MadeLayer): Promise<string> {
  const file = join(root, `${++count}.tar`);
  writeFileSync(file, await bytesOf(layer));
  return file;
}

const layerTar = await bytesOf({ '/etc/motd': 'hi' });
const diffId = digestOf(layerTar);
const configText = JSON.stringify({
  os: 'linux',
  architecture: 'amd64',
  rootfs: { type: 'layers', diff_ids: [diffId] },
});
const manifestText = (fields = {}) =>
  JSON.stringify([{ Config: 'c.json', RepoTags: ['app:1'], Layers: ['l/layer.tar'], ...fields }]);
const docker = (fields: MadeLayer = {}): MadeLayer => ({
  'manifest.json': manifestText(),
  'c.json': configText,
  'l/layer.tar': layerTar,
  ...fields,
});

async function readManifest(archive: Archive) {
  const [first] = await archive.names();
  assert.ok(first);
  const { value } = parseManifest(await readAll(await archive.get(first.descriptor.digest), 1 << 20));
  return { name: first.name, descriptor: first.descriptor, ...value };
}

async function assertHolds(layer: MadeLayer, name = 'docker.io/library/app:1'): Promise<void> {
  const archive = await openArchive(await fileOf(layer));
  const manifest = await readManifest(archive);
  assert.equal(manifest.name, name);
  assert.equal(manifest.config.digest, digestOf(configText));
  const [first] = manifest.layers;
  assert.ok(first && (await archive.has(first.digest)));
  const blob = await readAll(await archive.get(first.digest), 1 << 20);
  assert.equal(blob.length, first.size);
  assert.equal(first.digest === diffId, blob.equals(layerTar));
}

describe("an archive of docker's", () => {
  it('is an image with the config that stands there and an OCI manifest', async () => {
    await assertHolds(docker());
    const archive = await openArchive(await fileOf(docker()));
    assert.equal(archive.format, 'docker');
    assert.equal((await readManifest(archive)).mediaType, mediaTypes.manifest);
    assert.deepEqual((await readManifest(archive)).descriptor.platform, { os: 'linux', architecture: 'amd64' });
  });

  it('may name its files with ./ and in any order, and lead to layers through links', async () => {
    const { 'manifest.json': manifest, ...rest } = docker();
    await assertHolds({ ...rest, './manifest.json': manifest ?? '' });
    for (const linkTarget of ['../real/layer.tar', './../l/../real/layer.tar']) {
      await assertHolds(docker({ 'l/layer.tar': { type: 'symlink', linkTarget }, 'real/layer.tar': layerTar }));
    }
    await assertHolds({
      'real.tar': layerTar,
      ...docker({ 'l/layer.tar': { type: 'hardlink', linkTarget: 'real.tar' } }),
    });
  });

  it('may have compressed layers, as some tools write them', async () => {
    await assertHolds(docker({ 'l/layer.tar': gzipSync(layerTar) }));
  });

  it('has the names of the file repositories when manifest.json has none', async () => {
    const repositories = JSON.stringify({ old: { '1': 'l' }, other: { x: 'y' } });
    const fields = { repositories, 'manifest.json': manifestText({ RepoTags: null }) };
    await assertHolds(docker(fields), 'docker.io/library/old:1');
    await assertHolds(docker({ 'manifest.json': manifestText({ RepoTags: null }) }), '');
  });

  it('of several files with one name has the last, as docker does', async () => {
    const wrong = await bytesOf({ 'manifest.json': '[]', 'l/layer.tar': 'wrong' });
    const file = join(root, 'twice.tar');
    writeFileSync(file, Buffer.concat([wrong.subarray(0, -1024), await bytesOf(docker())]));
    assert.equal((await readManifest(await openArchive(file))).config.digest, digestOf(configText));
  });

  it('has a layer that is not what the config says told while it is read', async () => {
    const archive = await openArchive(await fileOf(docker({ 'l/layer.tar': await bytesOf({ '/etc/motd': 'no' }) })));
    await assert.rejects(async () => readAll(await archive.get(diffId), 1 << 20), { code: 'DIGEST_MISMATCH' });
  });

  it('of before docker 1.10 is refused with advice', async () => {
    await assert.rejects(openArchive(await fileOf({ repositories: '{}', 'l/json': '{}' })), { code: 'UNSUPPORTED' });
  });

  const broken: Record<string, MadeLayer> = {
    'has no such config': docker({ 'manifest.json': manifestText({ Config: 'other.json' }) }),
    'has no such layer': docker({ 'manifest.json': manifestText({ Layers: ['other'] }) }),
    'leads out': docker({ 'manifest.json': manifestText({ Config: '../../../etc/passwd' }) }),
    'has a directory for a layer': docker({ 'l/layer.tar': { type: 'directory' } }),
    'has a link to outside': docker({ 'c.json': { type: 'symlink', linkTarget: '/etc/passwd' } }),
    'has links in a circle': docker({ 'c.json': { type: 'symlink', linkTarget: 'c.json' } }),
    'has too few layers': docker({ 'manifest.json': manifestText({ Layers: [] }) }),
    'has too many layers': docker({ 'manifest.json': manifestText({ Layers: Array(1001).fill('l/layer.tar') }) }),
    'has no list in manifest.json': docker({ 'manifest.json': '{}' }),
    'has no JSON in manifest.json': docker({ 'manifest.json': '[' }),
    'has a number for a name': docker({ 'manifest.json': manifestText({ RepoTags: [1] }) }),
  };
  for (const [problem, layer] of Object.entries(broken)) {
    it(`is refused when it ${problem}`, async () => {
      await assert.rejects(openArchive(await fileOf(layer)), { code: 'ARCHIVE_MALFORMED' });
    });
  }

  it('has entries that climb out ignored', async () => {
    await assertHolds(docker({ '../manifest.json': '[]', 'a/../manifest.json': '[]' }));
  });
});

describe('an archive of a layout', () => {
  const pathOf = (text: string) => `blobs/sha256/${digestOf(text).slice(7)}`;
  const manifest = JSON.stringify({
    schemaVersion: 2,
    config: { mediaType: mediaTypes.config, digest: digestOf(configText), size: configText.length },
    layers: [{ mediaType: mediaTypes.layer, digest: diffId, size: layerTar.length }],
  });
  const entry = { mediaType: mediaTypes.manifest, digest: digestOf(manifest), size: manifest.length };
  const index = (manifests: unknown[]) => JSON.stringify({ schemaVersion: 2, manifests });
  const layout = (fields: MadeLayer = {}): MadeLayer => ({
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    'index.json': index([entry]),
    [pathOf(manifest)]: manifest,
    [pathOf(configText)]: configText,
    [`blobs/sha256/${diffId.slice(7)}`]: layerTar,
    ...fields,
  });

  it('is read where it is', async () => {
    await assertHolds(layout(), '');
    const annotations = { 'org.opencontainers.image.ref.name': 'v1' };
    await assertHolds(layout({ 'index.json': index([{ ...entry, annotations }]) }), 'v1');
  });

  it('that docker 25 wrote as well is taken as a layout, with the names of either', async () => {
    const both = layout({ 'manifest.json': manifestText({ Config: pathOf(configText), Layers: [] }) });
    await assertHolds(both);
    const archive = await openArchive(await fileOf(both));
    assert.equal(archive.format, 'oci');
    assert.equal((await readManifest(archive)).descriptor.digest, digestOf(manifest));
  });

  it('is taken as docker reads it when that is asked for, or when the layout is empty', async () => {
    const layers = [`blobs/sha256/${diffId.slice(7)}`];
    const both = layout({ 'manifest.json': manifestText({ Config: pathOf(configText), Layers: layers }) });
    assert.equal((await openArchive(await fileOf(both), { format: 'docker' })).format, 'docker');
    const empty = { ...both, 'index.json': index([]) };
    assert.equal((await openArchive(await fileOf(empty))).format, 'docker');
  });

  it('has blobs that are not what their names say told while they are read', async () => {
    const archive = await openArchive(
      await fileOf(layout({ [pathOf(configText)]: configText.replace('amd64', 'arm64') })),
    );
    await assert.rejects(async () => readAll(await archive.get(digestOf(configText)), 1000), {
      code: 'DIGEST_MISMATCH',
    });
    await assert.rejects(archive.get(digestOf('absent')), { code: 'BLOB_NOT_FOUND' });
  });

  it('is refused when it is wrong', async () => {
    await assert.rejects(openArchive(await fileOf(layout({ 'index.json': '{}' }))), { code: 'INDEX_MALFORMED' });
    await assert.rejects(openArchive(await fileOf(layout({ 'oci-layout': '{}' }))), { code: 'LAYOUT_MALFORMED' });
  });
});

describe('any archive', () => {
  it('may be compressed, and come through a pipe', async () => {
    const bytes = gzipSync(await bytesOf(docker()));
    const archive = await openArchive(pieces(bytes));
    assert.equal((await readManifest(archive)).config.digest, digestOf(configText));
    archive.close();
  });

  it('is known not to be one', async () => {
    const text = join(root, 'text');
    for (const content of ['', 'a text', 'x'.repeat(2000), Buffer.alloc(4096)]) {
      writeFileSync(text, content);
      await assert.rejects(openArchive(text), { code: 'NOT_AN_IMAGE' });
    }
    await assert.rejects(openArchive(root), { code: 'NOT_AN_IMAGE' });
    await assert.rejects(openArchive(join(root, 'absent')), { code: 'FILE_NOT_FOUND' });
    await assert.rejects(openArchive(await fileOf({ '/etc/motd': 'hi' })), { code: 'NOT_AN_IMAGE' });
  });

  it('is told when it was cut short, wherever that was', async () => {
    const bytes = await bytesOf(docker({ 'l/layer.tar': Buffer.alloc(300_000, 'x') }));
    for (let length = 0; length < bytes.length - 1024; length += 7777) {
      await assert.rejects(openArchive(pieces(bytes.subarray(0, length))), (error: { code?: string }) =>
        /^(TAR_MALFORMED|NOT_AN_IMAGE|ARCHIVE_MALFORMED)$/.test(error.code ?? ''),
      );
    }
  });

  it('is indexed without reading what lies between its headers', async () => {
    const bytes = await bytesOf(docker({ big: Buffer.alloc(20_000_000) }));
    const file = join(root, 'big.tar');
    writeFileSync(file, bytes);
    const start = performance.now();
    await openArchive(file);
    assert.ok(performance.now() - start < 1000);
  });
});

async function* pieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.byteLength; at += 10_001) yield bytes.subarray(at, at + 10_001);
}

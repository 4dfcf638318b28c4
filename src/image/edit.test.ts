import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeImage, makeTar } from '../../tests/make/image.ts';
import { memoryStore } from '../content/index.ts';
import { mediaTypes, parseManifest } from '../formats/oci/index.ts';
import { bytesSource, digestOf, readAll } from '../kit/index.ts';
import { appendLayer, emptyImage, type Image, layerOf, openImage, saveImage, validate, withConfig } from './index.ts';

const json = (raw: Uint8Array) => JSON.parse(Buffer.from(raw).toString());
const platform = { os: 'linux', architecture: 'amd64' };

/** An image as docker's schema 2 has it, with a field in each document that nobody knows. */
async function dockerImage(): Promise<Image> {
  const store = memoryStore();
  const made = await makeImage([{ '/a': 'a' }]);
  const config = Buffer.from(JSON.stringify({ ...json(made.config.raw), 'x-config': 1, container: 'c' }));
  const [layer] = made.layers;
  assert.ok(layer);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.dockerManifest,
      'x-manifest': 1,
      config: { mediaType: mediaTypes.dockerConfig, digest: digestOf(config), size: config.length },
      layers: [{ ...layer.descriptor, mediaType: mediaTypes.dockerLayer }],
    }),
  );
  for (const source of [layer.blob, bytesSource(config), bytesSource(manifest)]) await store.put(source);
  const descriptor = { mediaType: mediaTypes.dockerManifest, digest: digestOf(manifest), size: manifest.length };
  await store.setName('docker.io/library/a:latest', descriptor);
  return openImage('a', { store });
}

describe('editing an image', () => {
  it('begins with one that has no layers and nothing set', async () => {
    const image = emptyImage(platform);
    assert.deepEqual(json(image.config.raw), {
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [] },
    });
    assert.deepEqual(await validate(image), []);
  });

  it('puts a layer on top, with its history and its diffId', async () => {
    const store = memoryStore();
    const layer = await layerOf(store, makeTar({ '/a': 'a' }), { compression: 'gzip' });
    const image = appendLayer(emptyImage(platform), layer, { createdBy: 'COPY a', emptyLayer: false });
    assert.equal(layer.diffId, digestOf(await readAll(layer.tar, 1 << 20)));
    assert.notEqual(layer.diffId, layer.descriptor.digest);
    assert.deepEqual(image.config.value.diffIds, [layer.diffId]);
    assert.deepEqual(json(image.config.raw).history, [{ created_by: 'COPY a' }]);
    assert.deepEqual(parseManifest(image.manifest.raw).value, image.manifest.value);
    assert.deepEqual(await validate(image), []);
  });

  it('gives equal images equal digests, in whatever order fields were set', async () => {
    const first = withConfig(withConfig(emptyImage(platform), { user: '1' }), { labels: { b: '2', a: '1' } });
    const second = withConfig(emptyImage(platform), { labels: { a: '1', b: '2' }, user: '1' });
    assert.deepEqual(json(first.config.raw), json(second.config.raw));
    assert.equal(
      withConfig(emptyImage(platform), { labels: { b: '2', a: '1' } }).digest,
      withConfig(emptyImage(platform), { labels: { a: '1', b: '2' } }).digest,
    );
  });

  it('takes a setting away that is set to undefined', () => {
    const image = withConfig(emptyImage(platform), {
      entrypoint: ['/a'],
      env: ['A=1'],
      created: '1970-01-01T00:00:00Z',
    });
    const undone = withConfig(image, { entrypoint: undefined, env: undefined, created: undefined });
    assert.equal(undone.digest, emptyImage(platform).digest);
  });

  it('adds history entries for steps without a layer', () => {
    const image = withConfig(emptyImage(platform), { cmd: ['a'], history: [{ createdBy: 'CMD a', emptyLayer: true }] });
    assert.deepEqual(json(image.config.raw).history, [{ created_by: 'CMD a', empty_layer: true }]);
  });

  it("leaves the bytes of docker's documents as they are until it changes something, then makes them OCI's", async () => {
    const image = await dockerImage();
    const store = memoryStore();
    await saveImage(image, 'copy', { store });
    assert.equal((await openImage('copy', { store })).digest, image.digest);
    const edited = withConfig(image, { cmd: ['x'] });
    const manifest = json(edited.manifest.raw);
    assert.equal(manifest.mediaType, mediaTypes.manifest);
    assert.equal(manifest.config.mediaType, mediaTypes.config);
    assert.equal(manifest.layers[0].mediaType, mediaTypes.layer);
    assert.equal(manifest['x-manifest'], 1);
    assert.deepEqual([json(edited.config.raw)['x-config'], json(edited.config.raw).container], [1, 'c']);
    assert.deepEqual(await validate(edited), []);
  });

  it('completes a history that told nothing of the layers below', async () => {
    const bare = await dockerImage();
    const config = { ...bare.config.value, history: [] };
    const image = appendLayer(
      { ...bare, config: { ...bare.config, value: config } },
      await layerOf(memoryStore(), makeTar({ '/b': 'b' })),
    );
    assert.equal(image.config.value.history.length, 2);
  });
});

describe('validating an image', () => {
  it('tells everything that does not fit', async () => {
    const image = await makeImage([{ '/a': 'a' }, { '/b': 'b' }], { compression: 'gzip' });
    const [first, second] = image.layers;
    assert.ok(first && second);
    const layers = [
      { ...first, blob: second.blob },
      { ...second, tar: { open: () => first.blob.open() } },
    ];
    const wrong = { ...image, digest: digestOf('x'), layers: [...layers, second] };
    const found = await validate(wrong);
    assert.deepEqual(
      found.map(({ what }) => what),
      ['manifest', 'config', 'layer', 'diff-id'],
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makeImage } from '../../tests/make/image.ts';
import { memoryStore, type NamedStore } from '../content/index.ts';
import { type Descriptor, formatIndex, formatPlatform, mediaTypes, parsePlatform } from '../formats/oci/index.ts';
import { bytesSource, digestOf, textSource } from '../kit/index.ts';
import { listImages, openImage, openPlace, saveAll, saveImage } from './index.ts';

async function put(store: NamedStore, text: string, extra: Partial<Descriptor> = {}): Promise<Descriptor> {
  const platform = parsePlatform(text);
  const image = await makeImage([{ '/arch': text }], { platform });
  await saveImage(image, 'scratch', { store });
  await store.removeName('docker.io/library/scratch:latest');
  const { mediaType } = image.manifest.value;
  return { mediaType, digest: image.digest, size: image.manifest.raw.byteLength, platform, ...extra };
}

async function putIndex(store: NamedStore, manifests: readonly Descriptor[]): Promise<Descriptor> {
  const raw = formatIndex({ mediaType: mediaTypes.index, manifests, annotations: {} });
  const { digest, sizeBytes } = await store.put(bytesSource(raw));
  return { mediaType: mediaTypes.index, digest, size: sizeBytes };
}

const attestation = { 'vnd.docker.reference.type': 'attestation-manifest' };
const unknown = { os: 'unknown', architecture: 'unknown' };

/** A store whose image `multi` is for several platforms, with what BuildKit adds, one of them nested, one absent. */
async function multi(): Promise<NamedStore> {
  const store = memoryStore();
  const nested = await putIndex(store, [await put(store, 'linux/arm/v6'), await put(store, 'linux/arm/v7')]);
  const absent = {
    mediaType: mediaTypes.manifest,
    digest: digestOf('absent'),
    size: 6,
    platform: parsePlatform('s390x'),
  };
  const entries = [
    await put(store, 'linux/386', { platform: unknown, annotations: attestation }),
    await put(store, 'linux/amd64'),
    await put(store, 'linux/arm64/v8'),
    nested,
    absent,
  ];
  await store.setName('docker.io/library/multi:latest', await putIndex(store, entries));
  return store;
}

const open = async (store: NamedStore, text: string) =>
  formatPlatform((await openImage('multi', { store, platform: parsePlatform(text) })).platform);

describe('an index', () => {
  it('gives the image of the wanted platform, from nested indexes too, else the nearest that would run', async () => {
    const store = await multi();
    assert.equal(await open(store, 'linux/amd64'), 'linux/amd64');
    assert.equal(await open(store, 'linux/amd64/v3'), 'linux/amd64');
    assert.equal(await open(store, 'linux/arm64'), 'linux/arm64/v8');
    assert.equal(await open(store, 'linux/arm/v7'), 'linux/arm/v7');
    assert.equal(await open(store, 'linux/arm/v6'), 'linux/arm/v6');
    assert.equal(await open(store, 'linux/arm/v8'), 'linux/arm/v7');
  });

  it('never gives an attestation, nor an image that is not there, and lists what there is', async () => {
    const store = await multi();
    for (const text of ['linux/386', 'linux/s390x', 'windows/amd64']) {
      await assert.rejects(open(store, text), {
        code: 'PLATFORM_NOT_FOUND',
        message: `there is no image for ${text}, but for linux/amd64, linux/arm64/v8, linux/arm/v6, linux/arm/v7`,
      });
    }
    await assert.rejects(openImage('multi', { store }), { code: 'PLATFORM_NOT_FOUND' });
  });

  it('without platforms is understood by the configs of its images', async () => {
    const store = memoryStore();
    const entries = [await put(store, 'linux/amd64'), await put(store, 'linux/arm64')];
    const bare = entries.map(({ platform: _, ...rest }) => rest);
    await store.setName('docker.io/library/multi:latest', await putIndex(store, bare));
    assert.equal(await open(store, 'linux/arm64'), 'linux/arm64');
  });

  it('of one image gives it when no platform is asked for', async () => {
    const store = memoryStore();
    const entries = [await put(store, 'linux/riscv64'), await put(store, '386', { annotations: attestation })];
    await store.setName('docker.io/library/multi:latest', await putIndex(store, entries));
    assert.equal(formatPlatform((await openImage('multi', { store })).platform), 'linux/riscv64');
  });

  it('of attestations alone, or of nothing that is there, has no image', async () => {
    const store = memoryStore();
    const absent = { mediaType: mediaTypes.manifest, digest: digestOf('absent'), size: 6 };
    for (const [entries, code] of [
      [[await put(store, 'amd64', { annotations: attestation })], 'NOT_AN_IMAGE'],
      [[], 'NOT_AN_IMAGE'],
      [[absent], 'BLOB_NOT_FOUND'],
    ] as const) {
      await store.setName('docker.io/library/multi:latest', await putIndex(store, entries));
      await assert.rejects(open(store, 'amd64'), { code });
    }
  });

  it('that leads ever deeper is given up', async () => {
    const store = memoryStore();
    let index = await putIndex(store, [await put(store, 'amd64')]);
    for (let depth = 0; depth < 12; depth++) index = await putIndex(store, [index]);
    await store.setName('docker.io/library/multi:latest', index);
    await assert.rejects(open(store, 'amd64'), { code: 'INDEX_MALFORMED' });
    const wide = await putIndex(store, Array(3000).fill(await put(store, 'amd64')));
    await store.setName('docker.io/library/multi:latest', wide);
    await assert.rejects(open(store, 'amd64'), { code: 'INDEX_MALFORMED' });
  });

  it('goes from store to store as it is', async () => {
    const [from, to] = [await multi(), memoryStore()];
    const opened = await openPlace('multi', { store: from });
    const { digest } = await saveAll(opened, 'multi', { store: to });
    assert.equal(digest, (await from.names())[0]?.descriptor.digest);
    assert.equal(await open(to, 'linux/arm/v6'), 'linux/arm/v6');
    await assert.rejects(saveAll(opened, 'docker-archive:/nowhere/x.tar', { store: to }), { code: 'UNSUPPORTED' });
  });

  it('is listed with its platforms, and a broken image with its problem', async () => {
    const store = await multi();
    const broken = await store.put(textSource('no manifest'));
    await store.setName('docker.io/library/broken:1', {
      mediaType: mediaTypes.manifest,
      digest: broken.digest,
      size: 11,
    });
    const [first, second] = await listImages(store);
    assert.deepEqual([first?.familiarName, first?.problem?.code], ['broken:1', 'MANIFEST_MALFORMED']);
    assert.deepEqual([second?.familiarName, second?.isIndex, second?.platforms.length], ['multi:latest', true, 4]);
    assert.ok((second?.sizeBytes ?? 0) > 4 * 1024);
  });
});

describe('a manifest', () => {
  it('of something else than an image is refused', async () => {
    const store = memoryStore();
    const config = { mediaType: mediaTypes.empty, digest: digestOf('{}'), size: 2 };
    const layer = { mediaType: 'application/vnd.in-toto+json', digest: digestOf('x'), size: 1 };
    await store.put(textSource('{}'));
    for (const [document, code] of [
      [{ schemaVersion: 2, config, layers: [layer] }, 'NOT_AN_IMAGE'],
      [{ schemaVersion: 2, config: { ...config, mediaType: mediaTypes.config }, layers: [layer] }, 'NOT_AN_IMAGE'],
      [
        {
          schemaVersion: 2,
          config: { ...config, mediaType: mediaTypes.config },
          layers: [{ ...layer, mediaType: `${mediaTypes.layerGzip}+encrypted` }],
        },
        'UNSUPPORTED',
      ],
      [
        {
          schemaVersion: 2,
          config: { ...config, mediaType: mediaTypes.config },
          layers: [{ ...layer, mediaType: mediaTypes.layer }],
        },
        'MANIFEST_MALFORMED',
      ],
      [{ schemaVersion: 2, config: { ...config, size: 3 }, layers: [] }, 'NOT_AN_IMAGE'],
      [
        { schemaVersion: 2, config: { ...config, mediaType: mediaTypes.config, size: 3 }, layers: [] },
        'DIGEST_MISMATCH',
      ],
    ] as const) {
      const { digest, sizeBytes } = await store.put(textSource(JSON.stringify(document)));
      await store.setName('docker.io/library/a:1', { mediaType: mediaTypes.manifest, digest, size: sizeBytes });
      await assert.rejects(openImage('a:1', { store }), { code });
    }
  });
});

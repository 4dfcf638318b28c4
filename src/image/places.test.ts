import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { makeImage } from '../../tests/make/image.ts';
import { memoryStore, openStore } from '../content/index.ts';
import { parsePlatform } from '../formats/oci/index.ts';
import { readAll } from '../kit/index.ts';
import { type Image, openImage, saveImage, saveImages, validate } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'osless-places-'));
after(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const fresh = (name: string) => join(root, `${++count}-${name}`);
const options = { store: memoryStore() };
const layers = [{ '/bin/hello': 'hello', '/etc/motd': 'hi' }, { '/etc/.wh.motd': '' }];
const made = (compression: 'none' | 'gzip' | 'zstd' = 'none') =>
  makeImage(layers, { compression, entrypoint: ['/bin/hello'], labels: { a: 'b' } });
const limit = 1 << 20;
const tars = (image: Image) =>
  Promise.all(image.layers.map(async ({ tar }) => (await readAll(tar, limit)).toString('hex')));

async function assertSame(read: Image, written: Image): Promise<void> {
  assert.deepEqual(await validate(read), []);
  assert.equal(Buffer.from(read.config.raw).toString(), Buffer.from(written.config.raw).toString());
  assert.deepEqual(await tars(read), await tars(written));
}

describe('an image', () => {
  for (const compression of ['none', 'gzip', 'zstd'] as const) {
    it(`with ${compression} compression is the same, digest and all, after it was in any layout or archive of one`, async () => {
      const image = await made(compression);
      for (const place of [`oci:${fresh('a')}`, `oci:${fresh('a')}:v1`, `oci-archive:${fresh('a.tar')}:v1`, 'app:1']) {
        assert.equal((await saveImage(image, place, options)).digest, image.digest);
        const read = await openImage(place, options);
        assert.equal(read.digest, image.digest);
        await assertSame(read, image);
      }
    });

    it(`with ${compression} compression keeps its config in a docker archive`, async () => {
      const image = await made(compression);
      const place = `docker-archive:${fresh('a.tar')}:app:1`;
      const { digest } = await saveImage(image, place, options);
      assert.equal(digest === image.digest, compression === 'none');
      for (const text of [place, place.slice(0, -6), place.slice('docker-archive:'.length, -6)]) {
        await assertSame(await openImage(text, options), image);
      }
    });
  }

  it('is written the same way each time, and replaces what a file held', async () => {
    const [first, second] = [fresh('a.tar'), fresh('b.tar')];
    for (const kind of ['docker-archive', 'oci-archive']) {
      writeFileSync(first, 'something else');
      await saveImage(await made(), `${kind}:${first}`, { ...options, names: ['docker.io/library/app:1'] });
      await saveImage(await made(), `${kind}:${second}`, { ...options, names: ['docker.io/library/app:1'] });
      assert.ok(readFileSync(first).equals(readFileSync(second)));
    }
    assert.deepEqual(
      readdirSync(root).filter((name) => name.includes('osless-tmp')),
      [],
    );
  });

  it('leaves the old file in place when it cannot be written whole', async () => {
    const file = fresh('a.tar');
    await saveImage(await made(), `docker-archive:${file}`, options);
    const before = readFileSync(file);
    const image = await made();
    const broken = { ...image, layers: image.layers.map((layer) => ({ ...layer, blob: brokenSource() })) };
    await assert.rejects(saveImage(broken, `docker-archive:${file}`, options), /broke/);
    assert.ok(readFileSync(file).equals(before));
    assert.deepEqual(
      readdirSync(root).filter((name) => name.includes('osless-tmp')),
      [],
    );
  });

  it('goes through pipes: out as a docker archive, in from any archive, compressed too', async () => {
    const image = await made();
    const parts: Uint8Array[] = [];
    const stdout = async (bytes: AsyncIterable<Uint8Array>) => {
      for await (const chunk of bytes) parts.push(Buffer.from(chunk));
    };
    await saveImage(image, '-', { ...options, stdout, names: ['docker.io/library/app:1'] });
    for (const bytes of [Buffer.concat(parts), gzipSync(Buffer.concat(parts))]) {
      const store = await openStore(fresh('store'));
      for (const each of [store, memoryStore()]) {
        await assertSame(await openImage('-', { store: each, stdin: slices(bytes) }), image);
      }
    }
  });

  it('is found in an archive of several by its name', async () => {
    const file = fresh('several.tar');
    const other = await makeImage([{ '/other': 'x' }]);
    const images = [
      { image: await made(), names: ['docker.io/library/app:1', 'docker.io/library/app:latest'] },
      { image: other, names: ['registry.example/other:1'] },
    ];
    for (const kind of ['docker-archive', 'oci-archive']) {
      await saveImages(images, `${kind}:${file}`, options);
      assert.equal((await openImage(`${kind}:${file}:registry.example/other:1`, options)).digest, other.digest);
      assert.notEqual((await openImage(`${kind}:${file}:app`, options)).digest, other.digest);
      await assert.rejects(openImage(`${kind}:${file}`, options), { code: 'IMAGE_NOT_FOUND' });
      await assert.rejects(openImage(`${kind}:${file}:nobody`, options), { code: 'IMAGE_NOT_FOUND' });
    }
  });

  it('is found in the store by name, familiar or full, by digest and by the beginning of its id', async () => {
    const store = await openStore(fresh('store'));
    const image = await made();
    await saveImage(image, 'app', { store });
    const id = image.digest.slice('sha256:'.length);
    for (const text of [
      'app',
      'app:latest',
      'docker.io/library/app',
      `app@${image.digest}`,
      id,
      id.slice(0, 12),
      image.digest,
    ]) {
      assert.equal((await openImage(text, { store })).digest, image.digest, text);
    }
    for (const text of ['other', 'app:2', 'abc', '000000000000']) {
      await assert.rejects(openImage(text, { store }), { code: 'IMAGE_NOT_FOUND' }, text);
    }
  });

  it('of another platform is taken when it is alone, unless the platform is required', async () => {
    const platform = parsePlatform('linux/arm64');
    assert.ok(await made().then((image) => saveImage(image, 'alone', options)));
    await openImage('alone', { ...options, platform });
    await assert.rejects(openImage('alone', { ...options, platform, platformRequired: true }), {
      code: 'PLATFORM_NOT_FOUND',
      message: 'there is no image for linux/arm64, but for linux/amd64',
    });
  });

  it('can be compressed on its way', async () => {
    const image = await made();
    await saveImage(image, 'compressed', { ...options, compression: 'gzip' });
    const read = await openImage('compressed', options);
    assert.match(read.layers[0]?.descriptor.mediaType ?? '', /gzip$/);
    await assertSame(read, image);
  });

  it('is not looked for in what is none', async () => {
    const directory = fresh('directory');
    mkdirSync(directory);
    const file = fresh('file');
    writeFileSync(file, 'text');
    await assert.rejects(openImage(directory, options), { code: 'NOT_AN_IMAGE' });
    await assert.rejects(openImage(`oci:${directory}`, options), { code: 'LAYOUT_MALFORMED' });
    await assert.rejects(openImage(`${directory}/absent`, options), { code: 'FILE_NOT_FOUND' });
    await assert.rejects(openImage(`docker-archive:${directory}/absent`, options), { code: 'FILE_NOT_FOUND' });
    await assert.rejects(openImage(file, options), { code: /TAR_MALFORMED|NOT_AN_IMAGE/ });
    await assert.rejects(openImage('rootfs:/', options), { code: 'NOT_AN_IMAGE' });
    await assert.rejects(openImage('docker://nginx', options), { code: 'UNSUPPORTED' });
    await assert.rejects(saveImage(await made(), `oci:${root}`, options), { code: 'PLACE_NOT_WRITABLE' });
    await assert.rejects(saveImage(await made(), './what.tar', options), { code: 'PLACE_INVALID' });
  });
});

const brokenSource = () => ({
  sizeBytes: 1024,
  async *open() {
    yield Buffer.alloc(512);
    throw new Error('it broke');
  },
});

async function* slices(bytes: Uint8Array) {
  for (let at = 0; at < bytes.byteLength; at += 1000) yield bytes.subarray(at, at + 1000);
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { elf } from '../../../tests/make/elf.ts';
import { type MadeConfig, type MadeLayer, makeImage } from '../../../tests/make/image.ts';
import { memoryStore, type NamedStore } from '../../content/index.ts';
import { mediaTypes } from '../../formats/oci/index.ts';
import { saveImage } from '../../image/index.ts';
import { bytesSource } from '../../kit/index.ts';
import { type ExplainOptions, explain, explainAll } from './index.ts';

const machine = { os: 'linux', architecture: 'amd64' };
const program: MadeLayer[string] = { content: elf(), mode: 0o755 };

async function storeWith(layer: MadeLayer, config: MadeConfig = {}): Promise<NamedStore> {
  const store = memoryStore();
  await saveImage(await makeImage([layer], { entrypoint: ['/app'], ...config }), 'test', { store });
  return store;
}

async function explained(layer: MadeLayer, config: MadeConfig = {}, options: Partial<ExplainOptions> = {}) {
  return explain('test', { store: await storeWith(layer, config), machine, ...options });
}

describe('explain', () => {
  it('answers with every field of its schema', async () => {
    const { digest, needsOs, ...rest } = await explained({ '/app': program });
    assert.match(digest ?? '', /^sha256:/);
    assert.equal(needsOs.answer, 'no');
    assert.deepEqual(rest, {
      schema: 'osless.explain/1',
      place: 'test',
      in: null,
      platform: 'linux/amd64',
      machine: 'amd64',
      os: {
        present: false,
        distro: null,
        libc: null,
        shell: null,
        packageManager: null,
        init: null,
        name: null,
        packageCount: null,
        shells: [],
        commands: null,
        signs: [],
      },
      entrypoint: {
        argv: ['/app'],
        path: '/app',
        starts: 'yes',
        cause: null,
        missing: [],
        chain: [
          {
            path: '/app',
            kind: 'elf',
            machine: 'x86_64',
            interpreter: null,
            role: 'program',
            argv: ['/app'],
            libraries: null,
          },
        ],
        subject: null,
        says: 'control reaches the program',
        message: null,
        why: null,
        undecided: [],
      },
      findings: [],
    });
  });

  it('says of what does not start the cause, what is missing, the message, why, and what to do', async () => {
    const { entrypoint, findings } = await explained({
      '/app': { content: elf({ interpreter: '/lib/ld-linux.so.9', needs: ['libc.so.6'] }), mode: 0o755 },
    });
    assert.equal(entrypoint.cause, 'loader-missing');
    assert.deepEqual(entrypoint.missing, ['/lib/ld-linux.so.9']);
    assert.equal(entrypoint.message, 'exec /app: no such file or directory');
    assert.match(entrypoint.why ?? '', /PT_INTERP/);
    const [finding] = findings;
    assert.deepEqual([finding?.code, finding?.severity], ['loader-missing', 'blocks']);
    assert.equal(finding?.says, entrypoint.says);
    assert.notEqual(finding?.advice, '');
  });

  it('judges for this machine, whatever the image says of itself, and for another when told so', async () => {
    const arm = { platform: { os: 'linux', architecture: 'arm64' } };
    const of = async (architecture: string, options: Partial<ExplainOptions> = {}) => {
      const {
        platform,
        machine: judged,
        entrypoint,
      } = await explained({ '/app': { content: elf({ architecture }), mode: 0o755 } }, arm, options);
      return [platform, judged, entrypoint.starts];
    };
    assert.deepEqual(await of('amd64'), ['linux/arm64', 'amd64', 'yes']);
    assert.deepEqual(await of('arm64'), ['linux/arm64', 'amd64', 'no']);
    assert.deepEqual(await of('arm64', arm), ['linux/arm64', 'arm64', 'yes']);
  });

  it('judges each image for the machine that it is made for when asked about all', async () => {
    const layer: MadeLayer = { '/app': { content: elf({ architecture: 'arm64' }), mode: 0o755 } };
    const store = await storeWith(layer, { platform: { os: 'linux', architecture: 'arm64' } });
    const { images } = await explainAll('test', { store, machine });
    assert.deepEqual(
      images.map(({ machine: judged, entrypoint }) => [judged, entrypoint.starts]),
      [['arm64', 'yes']],
    );
  });

  it('believes the index, not the config, what machine an image is for', async () => {
    const store = memoryStore();
    const image = await makeImage([{ '/app': program }], { entrypoint: ['/app'] });
    await saveImage(image, 'one', { store });
    const [named] = await store.names();
    assert.ok(named);
    const arm = { ...named.descriptor, platform: { os: 'linux', architecture: 'arm64' } };
    await store.setName('docker.io/library/test:latest', arm);
    const { images } = await explainAll('test', { store, machine });
    assert.deepEqual(
      images.map(({ machine: judged, entrypoint }) => [judged, entrypoint.cause]),
      [['arm64', 'wrong-architecture']],
    );
  });

  it('calls layers that cannot be unpacked a verdict', async () => {
    const linked = await explained({ '/app': { type: 'hardlink', linkTarget: 'nothing' } });
    assert.deepEqual([linked.entrypoint.starts, linked.entrypoint.cause], ['no', 'image-broken']);
    assert.deepEqual(linked.entrypoint.missing, ['/app']);
    assert.equal(linked.findings[0]?.code, 'image-broken');
    assert.equal(linked.needsOs.answer, 'unknown');
    for (const change of ['other bytes', undefined]) {
      const store = withLayers(await storeWith({ '/app': program }), change);
      assert.equal((await explain('test', { store, machine })).entrypoint.cause, 'image-broken');
    }
  });

  it('leaves it a fault when the manifest cannot be read', async () => {
    const store = memoryStore();
    const { digest, sizeBytes } = await store.put(bytesSource(Buffer.from('{')));
    const descriptor = { mediaType: mediaTypes.manifest, digest, size: sizeBytes };
    await store.setName('docker.io/library/test:latest', descriptor);
    await assert.rejects(explain('test', { store, machine }), { code: 'MANIFEST_MALFORMED' });
    await assert.rejects(explain('other', { store, machine }), { code: 'IMAGE_NOT_FOUND' });
    await assert.rejects(explain('test', { store, machine, in: 'other' }), { code: 'OPTION_INVALID' });
  });

  it('stops when it is told to', async () => {
    const store = await storeWith({ '/app': program });
    await assert.rejects(explain('test', { store, machine, signal: AbortSignal.abort(new Error('stop')) }), /stop/);
  });
});

/** The store as it would be had its layers other bytes, or been lost. */
const withLayers = (store: NamedStore, text: string | undefined): NamedStore => ({
  ...store,
  get: async (digest) => {
    const source = await store.get(digest);
    const isLayer = (source.sizeBytes ?? 0) > 1024;
    if (!isLayer) return source;
    if (text === undefined) return store.get(`sha256:${'0'.repeat(64)}`);
    return bytesSource(Buffer.from(text));
  },
});

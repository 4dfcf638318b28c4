import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf } from '../../kit/index.ts';
import {
  formatImageConfig,
  formatIndex,
  formatManifest,
  mediaTypes,
  parseImageConfig,
  parseIndex,
  parseManifest,
} from './index.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const text = (raw: Uint8Array) => Buffer.from(raw).toString();
const digest = digestOf('x');
const descriptor = (mediaType: string, extra = {}) => ({ mediaType, digest, size: 1, ...extra });
const manifest = (extra = {}) => ({
  schemaVersion: 2,
  mediaType: mediaTypes.manifest,
  config: descriptor(mediaTypes.config),
  layers: [descriptor(mediaTypes.layer)],
  ...extra,
});
const index = (extra = {}) => ({ schemaVersion: 2, manifests: [descriptor(mediaTypes.manifest)], ...extra });

describe('a manifest', () => {
  it('keeps its bytes beside what they mean', () => {
    const raw = bytes(manifest({ annotations: { a: 'b' } }));
    const parsed = parseManifest(raw);
    assert.equal(parsed.raw, raw);
    assert.deepEqual(parsed.value.annotations, { a: 'b' });
    assert.equal(text(formatManifest(parsed.value)), text(raw));
  });

  it('is read with docker media types, and without one', () => {
    assert.equal(parseManifest(bytes(manifest({ mediaType: mediaTypes.dockerManifest }))).value.layers.length, 1);
    assert.equal(parseManifest(bytes(manifest({ mediaType: undefined }))).value.mediaType, mediaTypes.manifest);
  });

  it('keeps unknown fields of the document that it was edited from', () => {
    const raw = bytes({ ...manifest(), 'x-more': [1] });
    const edited = formatManifest({ ...parseManifest(raw).value, layers: [] }, raw);
    assert.deepEqual(JSON.parse(text(edited)), { ...manifest(), layers: [], 'x-more': [1] });
  });

  const wrong: Record<string, unknown> = {
    'is an index as well': manifest({ manifests: [] }),
    'is of schema 1 as well': manifest({ fsLayers: [] }),
    'is of schema 1': { schemaVersion: 1, name: 'a', fsLayers: [] },
    'has no schemaVersion': manifest({ schemaVersion: undefined }),
    'calls itself an index': manifest({ mediaType: mediaTypes.index }),
    'has no config': manifest({ config: undefined }),
    'has a layer of negative size': manifest({ layers: [descriptor(mediaTypes.layer, { size: -1 })] }),
    'has a layer of fractional size': manifest({ layers: [descriptor(mediaTypes.layer, { size: 0.5 })] }),
    'has a digest that climbs out': manifest({ config: descriptor(mediaTypes.config, { digest: 'sha256:../../x' }) }),
    'has more layers than any image': manifest({ layers: Array(1001).fill(descriptor(mediaTypes.layer)) }),
    'embeds other data than it names': manifest({ config: descriptor(mediaTypes.config, { data: 'YQ==' }) }),
    'is a list': [],
    'is null': null,
  };
  for (const [problem, document] of Object.entries(wrong)) {
    it(`is refused when it ${problem}`, () =>
      assert.throws(() => parseManifest(bytes(document)), { code: 'MANIFEST_MALFORMED' }));
  }

  it('is refused when it is no JSON, or larger than 4 MiB', () => {
    assert.throws(() => parseManifest(Buffer.from('{')), { code: 'MANIFEST_MALFORMED' });
    assert.throws(() => parseManifest(Buffer.alloc(4 * 1024 * 1024 + 1, ' ')), { code: 'TOO_LARGE' });
  });

  it('gives embedded data as bytes', () => {
    const config = descriptor(mediaTypes.config, { data: Buffer.from('x').toString('base64') });
    const parsed = parseManifest(bytes(manifest({ config })));
    assert.equal(text(parsed.value.config.data ?? Buffer.alloc(0)), 'x');
    assert.equal(text(formatManifest(parsed.value)), text(bytes(manifest({ config }))));
  });
});

describe('an index', () => {
  it('reads platforms and annotations, and writes them back', () => {
    const platform = { architecture: 'arm64', os: 'linux', 'os.version': '1.2', variant: 'v8' };
    const raw = bytes(index({ manifests: [descriptor(mediaTypes.manifest, { annotations: { a: 'b' }, platform })] }));
    const [entry] = parseIndex(raw).value.manifests;
    assert.deepEqual(entry?.platform, { os: 'linux', architecture: 'arm64', variant: 'v8', osVersion: '1.2' });
    assert.deepEqual(JSON.parse(text(formatIndex(parseIndex(raw).value))), {
      ...JSON.parse(text(raw)),
      mediaType: mediaTypes.index,
    });
  });

  it('is refused when it is a manifest as well', () => {
    for (const field of ['config', 'layers', 'fsLayers']) {
      assert.throws(() => parseIndex(bytes(index({ [field]: [] }))), { code: 'INDEX_MALFORMED' });
    }
    assert.throws(() => parseIndex(bytes(index({ mediaType: mediaTypes.manifest }))), { code: 'INDEX_MALFORMED' });
  });
});

describe('an image config', () => {
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: ['A=1'], Cmd: ['sh'], ExposedPorts: { '80/tcp': {} }, Healthcheck: { Test: ['NONE'], Retries: 3 } },
    rootfs: { type: 'layers', diff_ids: [digest] },
    history: [{ created_by: 'x', empty_layer: true }],
  };

  it('is read field by field', () => {
    const { value } = parseImageConfig(bytes(config));
    assert.deepEqual(value.process.cmd, ['sh']);
    assert.deepEqual(value.process.exposedPorts, ['80/tcp']);
    assert.deepEqual(value.process.healthcheck, { test: ['NONE'], retries: 3 });
    assert.deepEqual(value.history, [{ createdBy: 'x', emptyLayer: true }]);
    assert.deepEqual(value.diffIds, [digest]);
  });

  it('may say null where nothing is', () => {
    const nothing = { Env: null, Cmd: null, Labels: null, Volumes: null, Entrypoint: null, Healthcheck: null };
    for (const process of [null, nothing, {}]) {
      const { value } = parseImageConfig(bytes({ ...config, config: process, history: null }));
      assert.deepEqual(value.process, { env: [], exposedPorts: [], volumes: [], labels: {}, onBuild: [] });
    }
  });

  it('is read whatever the case of its keys, the last of several winning, as docker does', () => {
    const { value } = parseImageConfig(bytes({ ...config, config: { cmd: ['a'], CMD: ['b'], entrypoint: 'c' } }));
    assert.deepEqual(value.process.cmd, ['b']);
    assert.deepEqual(value.process.entrypoint, ['c']);
  });

  it('has an edited field replaced and everything else left as it was', () => {
    const original = {
      ...config,
      'x-more': 1,
      config: { ...config.config, cmd: ['old'], Cmd: undefined, Extra: true },
    };
    const parsed = parseImageConfig(bytes(original));
    const process = { ...parsed.value.process, cmd: ['new'], user: '65534' };
    const edited = JSON.parse(text(formatImageConfig({ ...parsed.value, process }, parsed)));
    const expected = { ...original.config, cmd: ['new'], User: '65534' };
    assert.deepEqual(edited, JSON.parse(JSON.stringify({ ...original, config: expected })));
  });

  it('keeps the fields of history entries that nobody edited', () => {
    const parsed = parseImageConfig(bytes({ ...config, history: [{ created_by: 'x', 'x-more': 1 }] }));
    const history = [...parsed.value.history, { createdBy: 'y', emptyLayer: false }];
    const edited = JSON.parse(text(formatImageConfig({ ...parsed.value, history }, parsed)));
    assert.deepEqual(edited.history, [{ created_by: 'x', 'x-more': 1 }, { created_by: 'y' }]);
  });

  it('gives the same bytes for the same value, and reads back as that value', () => {
    const { value } = parseImageConfig(bytes(config));
    const raw = formatImageConfig(value);
    assert.deepEqual(raw, formatImageConfig(parseImageConfig(raw).value));
    assert.deepEqual(parseImageConfig(raw).value, value);
  });

  it('is refused when a field has the wrong type', () => {
    for (const part of [{ rootfs: { diff_ids: ['x'] } }, { config: [] }, { config: { Env: [1] } }, { history: {} }]) {
      assert.throws(() => parseImageConfig(bytes({ ...config, ...part })), { code: 'CONFIG_MALFORMED' });
    }
  });
});

import { gzipSync } from 'node:zlib';
import { compress } from '../../../src/formats/compress/index.ts';
import { bytesSource, digestOf, hexOf } from '../../../src/kit/index.ts';
import { evilNames, mutateBytes, mutateJson } from './mutate.ts';
import type { Random } from './random.ts';
import { makeLayerTar, mutateTar, rawTar } from './tars.ts';

/** Files by their names in a layout or an archive. */
export type Files = ReadonlyMap<string, Buffer>;

const type = (name: string) => `application/vnd.oci.image.${name}`;
const asItIs = (document: unknown): Buffer => Buffer.from(JSON.stringify(document));

/**
 * An OCI layout with one or two of its parts damaged: mostly before digests are taken, so that what is damaged
 * is believed until it is parsed; sometimes after.
 */
export async function hostileLayout(random: Random, canary: string): Promise<Files> {
  const damaged = random.pick([
    'layer',
    'layer',
    'compressed',
    'config',
    'manifest',
    'index',
    'layout',
    'blob',
  ] as const);
  const json = (part: string) => (part === damaged ? (doc: unknown) => mutateJson(doc, random, canary) : asItIs);
  const files = new Map<string, Buffer>();
  const put = (bytes: Buffer) => {
    const digest = digestOf(bytes);
    files.set(`blobs/sha256/${hexOf(digest)}`, bytes);
    return { digest, size: bytes.length };
  };
  const whole = await makeLayerTar(random, canary);
  const tar = damaged === 'layer' ? mutateTar(whole, random, canary) : whole;
  const { suffix, bytes } = await packed(tar, random);
  const layer = {
    mediaType: type(`layer.v1.tar${suffix}`),
    ...put(damaged === 'compressed' ? mutateBytes(bytes, random) : bytes),
  };
  const config = json('config')(configOf([digestOf(tar), digestOf(tar)]));
  const manifest = json('manifest')({
    schemaVersion: 2,
    mediaType: type('manifest.v1+json'),
    config: { mediaType: type('config.v1+json'), ...put(config) },
    layers: [layer, layer],
    annotations: { note: 'made' },
  });
  const platform = { os: 'linux', architecture: 'amd64' };
  const annotations = { 'org.opencontainers.image.ref.name': 'made' };
  const named = { mediaType: type('manifest.v1+json'), ...put(manifest), platform, annotations };
  files.set('index.json', json('index')({ schemaVersion: 2, mediaType: type('index.v1+json'), manifests: [named] }));
  files.set('oci-layout', json('layout')({ imageLayoutVersion: '1.0.0' }));
  if (damaged !== 'blob') return files;
  const [name, content] = random.pick([...files]);
  return random.chance(0.2)
    ? new Map([...files].filter(([each]) => each !== name))
    : files.set(name, mutateBytes(content, random));
}

/** The same as an archive, whose own tar may be damaged as well. */
export async function hostileOciArchive(random: Random, canary: string): Promise<Buffer> {
  const files = await hostileLayout(random, canary);
  return archiveOf(files, random, canary);
}

/** What `docker save` writes, with a damaged manifest.json, config, layer or tar. */
export async function hostileDockerArchive(random: Random, canary: string): Promise<Buffer> {
  const damaged = random.pick(['layer', 'config', 'manifest', 'manifest', 'names', 'tar'] as const);
  const whole = await makeLayerTar(random, canary);
  const tar = damaged === 'layer' ? mutateTar(whole, random, canary) : whole;
  const document = configOf([digestOf(tar)]);
  const config = damaged === 'config' ? mutateJson(document, random, canary) : asItIs(document);
  const name = damaged === 'names' ? random.pick(evilNames(canary)) || 'x' : `${hexOf(digestOf(config))}.json`;
  const layer = damaged === 'names' ? random.pick(evilNames(canary)) || 'y' : 'layer/layer.tar';
  const list = [{ Config: name, RepoTags: ['made:1', 'made:2'], Layers: [layer] }];
  const manifest = damaged === 'manifest' ? mutateJson(list, random, canary) : asItIs(list);
  const files = new Map([
    [name, config],
    [layer, random.chance(0.2) ? gzipSync(tar) : tar],
    ['manifest.json', manifest],
    ['repositories', asItIs({ made: { 1: 'x' } })],
  ]);
  return archiveOf(files, random, canary);
}

function archiveOf(files: Files, random: Random, canary: string): Buffer {
  const tar = rawTar(files);
  const damaged = random.chance(0.4) ? mutateTar(tar, random, canary) : tar;
  if (random.chance(0.7)) return damaged;
  const zipped = gzipSync(damaged);
  return random.chance(0.5) ? mutateBytes(zipped, random) : zipped;
}

async function packed(tar: Buffer, random: Random): Promise<{ suffix: string; bytes: Buffer }> {
  const compression = random.pick(['none', 'none', 'gzip', 'zstd'] as const);
  const parts: Uint8Array[] = [];
  for await (const part of compress(bytesSource(tar).open(), compression)) parts.push(part);
  return { suffix: compression === 'none' ? '' : `+${compression}`, bytes: Buffer.concat(parts) };
}

const configOf = (diffIds: readonly string[]) => ({
  architecture: 'amd64',
  os: 'linux',
  created: '2020-01-01T00:00:00Z',
  config: {
    Entrypoint: ['/bin/app'],
    Cmd: ['one'],
    Env: ['PATH=/bin', 'A=b'],
    User: '1000:1000',
    WorkingDir: '/work',
    Labels: { a: 'b' },
    ExposedPorts: { '80/tcp': {} },
    Volumes: { '/data': {} },
    Healthcheck: { Test: ['CMD', '/bin/app'], Interval: 1000000000, Retries: 3 },
  },
  rootfs: { type: 'layers', diff_ids: diffIds },
  history: diffIds.map(() => ({ created: '2020-01-01T00:00:00Z', created_by: 'made' })),
});

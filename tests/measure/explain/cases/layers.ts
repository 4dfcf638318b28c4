import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Case } from '../case.ts';
import { put, remove } from '../changes.ts';
import * as p from '../programs.ts';

const app = { Entrypoint: ['/app'] };
const program = put('/app', p.of(p.staticProgram));

interface Document {
  manifests: { digest: string; size: number }[];
  layers: { digest: string; size: number; mediaType: string }[];
  config: { digest: string; size: number };
  rootfs: { diff_ids: string[] };
}

interface NewLayer {
  readonly blob: Buffer;
  readonly diffId?: string;
  readonly mediaType?: string;
}

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** Puts another last layer into a layout, with documents that agree with it. */
const relayer =
  (change: (tar: Buffer) => NewLayer) =>
  (layout: string): void => {
    const blob = (digest: string) => join(layout, 'blobs/sha256', digest.slice(7));
    const read = (file: string): Document => JSON.parse(readFileSync(file, 'utf8'));
    const write = (bytes: Buffer) => {
      writeFileSync(blob(sha256(bytes)), bytes);
      return { digest: sha256(bytes), size: bytes.length };
    };
    const index = read(join(layout, 'index.json'));
    const [entry] = index.manifests;
    const manifest = read(blob(entry?.digest ?? ''));
    const config = read(blob(manifest.config.digest));
    const layer = manifest.layers.at(-1);
    if (entry === undefined || layer === undefined) throw new Error('the layout has no layer');
    const made = change(readFileSync(blob(layer.digest)));
    Object.assign(layer, write(made.blob), { mediaType: made.mediaType ?? layer.mediaType });
    config.rootfs.diff_ids[config.rootfs.diff_ids.length - 1] = made.diffId ?? layer.digest;
    Object.assign(manifest.config, write(Buffer.from(JSON.stringify(config))));
    Object.assign(entry, write(Buffer.from(JSON.stringify(manifest))));
    writeFileSync(join(layout, 'index.json'), JSON.stringify(index));
  };

const gzipped = 'application/vnd.oci.image.layer.v1.tar+gzip';
const packed = (tar: Buffer, blob: Buffer): NewLayer => ({ blob, diffId: sha256(tar), mediaType: gzipped });

/** A tar whose only entry is a hard link to nothing. */
function danglingHardLink(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'osless-layer-'));
  try {
    execFileSync('sh', ['-c', 'echo x > a; ln a b; tar -cf t a b; tar --delete -f t a'], { cwd: folder });
    return readFileSync(join(folder, 't'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Layers in other forms, whole and broken. */
export const layerCases: readonly Case[] = [
  {
    name: 'layers/good/gzip',
    base: 'scratch',
    change: [program],
    config: app,
    spoil: relayer((tar) => packed(tar, gzipSync(tar))),
    expect: null,
  },
  {
    name: 'layers/good/two-members',
    base: 'scratch',
    change: [program],
    config: app,
    spoil: relayer((tar) =>
      packed(tar, Buffer.concat([gzipSync(tar.subarray(0, 7000)), gzipSync(tar.subarray(7000))])),
    ),
    expect: null,
  },
  {
    name: 'layers/good/whiteout',
    base: 'deb12',
    change: [remove('/usr/lib/x86_64-linux-gnu/libcurl.so.4')],
    config: { Cmd: ['echo', 'REACHED'] },
    expect: null,
  },
  {
    name: 'layers/whiteout/directory',
    base: 'deb12',
    change: [remove('/usr/lib/python3.11')],
    config: { Cmd: ['python3', '-c', 'print("REACHED")'] },
    expect: 'runtime-incomplete',
  },
  {
    name: 'layers/whiteout/opaque',
    base: 'busybox',
    change: [remove('/bin'), put('/bin/app', p.of(p.staticProgram))],
    config: { Cmd: ['/bin/sh', '-c', 'app'] },
    expect: 'shell-missing',
    missing: ['/bin/sh'],
  },
  {
    name: 'layers/broken/gzip-cut',
    base: 'scratch',
    change: [program],
    config: app,
    spoil: relayer((tar) => packed(tar, gzipSync(tar).subarray(0, 9000))),
    expect: 'image-broken',
  },
  {
    name: 'layers/broken/gzip-noise',
    base: 'scratch',
    change: [program],
    config: app,
    spoil: relayer((tar) => packed(tar, Buffer.concat([gzipSync(tar).subarray(0, 4000), Buffer.alloc(4000, 7)]))),
    expect: 'image-broken',
  },
  {
    name: 'layers/broken/diff-id',
    base: 'scratch',
    change: [program],
    config: app,
    spoil: relayer((tar) => ({ ...packed(tar, gzipSync(tar)), diffId: sha256(Buffer.from('other')) })),
    expect: 'image-broken',
  },
  {
    name: 'layers/broken/hard-link',
    base: 'scratch',
    change: [program],
    config: app,
    spoil: relayer(() => ({ blob: danglingHardLink() })),
    expect: 'image-broken',
  },
  {
    name: 'layers/broken/not-a-tar',
    base: 'scratch',
    change: [program],
    config: app,
    spoil: relayer(() => ({ blob: Buffer.alloc(4096, 'text ') })),
    expect: 'image-broken',
  },
];

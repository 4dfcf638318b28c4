import { gzipSync } from 'node:zlib';
import { digester, digestOf, hexOf } from '../../../src/kit/index.ts';
import { type FileTree, literalTree } from '../../../src/rootfs/index.ts';
import { elf } from '../../make/elf.ts';
import type { Files } from './images.ts';
import type { Random } from './random.ts';
import { headerBlock, longName } from './tars.ts';

/** Small inputs that ask for much: memory, disk, or time that grows with the square. `scale` is 0 to 1. */
type Bomb = (scale: number) => Iterable<Buffer>;

const interpreter = '/lib64/ld-linux-x86-64.so.2';
const block = 512;

/** Units that a pattern with two ways to match goes through in exponential or square time. */
const units = [
  '/',
  'a/',
  '../',
  'lib',
  '.so',
  'liba.so.',
  ' ',
  '\t ',
  '%s',
  'a',
  'A=',
  '$(',
  '`',
  '"',
  "'",
  '<<A ',
  '\\',
  '{',
  '((',
  ';',
  '|',
  '#',
  '-',
  ':',
  'a:',
  '@',
  '=',
  ',',
  '\n',
  '\r',
  '\0',
];

export const repeated = (random: Random, length: number): string => {
  const unit = random.pick(units) + (random.chance(0.4) ? random.pick(units) : '');
  return unit.repeat(Math.ceil(length / unit.length)) + random.pick(['', '!', '\n', 'x', '/usr/bin/app']);
};

/** Layers that unpack to much more than themselves. */
const layerBombs: readonly Bomb[] = [
  (scale) => oneEntry('x', scale),
  (scale) => oneEntry('g', scale),
  (scale) => oneEntry('L', scale),
  (scale) => oneEntry('K', scale),
  (scale) => oneEntry('S', scale),
  (scale) => oneEntry('0', scale),
  (scale) => many(scale * 8000, (index) => [headerBlock({ name: `d${index % 100}/f${index}`, type: '0', size: 0 })]),
  (scale) =>
    many(scale * 8000, (index) => [headerBlock({ name: `s${index}`, type: '2', size: 0, target: `s${index + 1}` })]),
  (scale) =>
    many(scale * 8000, (index) => [
      headerBlock({ name: `h${index}`, type: '1', size: 0, target: `h${Math.max(index - 1, 0)}` }),
    ]),
  (scale) =>
    many(scale * 2000, (index) => [
      ...longName(`r${index}/${'d/'.repeat(index % 2 === 0 ? 1900 : 230)}`, 'L'),
      headerBlock({ name: 'd', type: '5', size: 0 }),
    ]),
  (scale) =>
    many(scale * 8000, (index) => [
      headerBlock({ name: `l/${'l/'.repeat(40)}${index}`, type: index === 0 ? '2' : '0', size: 0, target: '.' }),
    ]),
  (scale) => many(scale * 50_000, (index) => [headerBlock({ name: `d/.wh.f${index}`, type: '0', size: 0 })]),
  (scale) =>
    many(scale * 50_000, () => [
      headerBlock({ name: 'd/.wh..wh..opq', type: '0', size: 0 }),
      headerBlock({ name: 'd/f', type: '0', size: 0 }),
    ]),
];

/** An OCI layout with a layer that asks for much, or documents that list much. */
export function bombLayout(random: Random): Files {
  const scale = random.pick([0.02, 0.1, 1]);
  const isLayer = random.chance(0.7);
  const { gzip, diffId } = pack(isLayer ? random.pick(layerBombs)(scale) : [Buffer.alloc(2 * block)]);
  const times = isLayer ? 1 : Math.ceil(random.pick([10, 200, 3000, 30_000]) * scale);
  const files = new Map<string, Buffer>();
  const put = (bytes: Buffer) => {
    const digest = digestOf(bytes);
    files.set(`blobs/sha256/${hexOf(digest)}`, bytes);
    return { digest, size: bytes.length };
  };
  const list = <T>(item: T): T[] => Array.from({ length: times }, () => item);
  const text = random.chance(0.3) ? repeated(random, 3_000_000 / times) : 'x';
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: { Env: list(`A=${text}`), Cmd: list(text), Entrypoint: ['/a'], User: text, WorkingDir: text },
    rootfs: { type: 'layers', diff_ids: list(diffId) },
    history: list({ created_by: text }),
  };
  const type = (name: string) => `application/vnd.oci.image.${name}`;
  const layers = list({ mediaType: type('layer.v1.tar+gzip'), ...put(gzip) });
  const manifest = {
    schemaVersion: 2,
    mediaType: type('manifest.v1+json'),
    config: { mediaType: type('config.v1+json'), ...put(Buffer.from(JSON.stringify(config))) },
    layers,
    annotations: { text },
  };
  const annotations = { 'org.opencontainers.image.ref.name': random.chance(0.5) ? text : 'made' };
  const entry = { mediaType: manifest.mediaType, ...put(Buffer.from(JSON.stringify(manifest))), annotations };
  files.set('index.json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: list(entry) })));
  files.set('oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
  return files;
}

/** A gzip member for each piece, so that the whole is never in memory. */
function pack(pieces: Iterable<Buffer>): { gzip: Buffer; diffId: string } {
  const digest = digester();
  const members: Buffer[] = [];
  for (const piece of pieces) {
    digest.update(piece);
    members.push(gzipSync(piece, { level: 1 }));
  }
  return { gzip: Buffer.concat(members), diffId: digest.digest() };
}

/** One header that announces some hundred mebibytes, and has them. */
function* oneEntry(type: string, scale: number): Iterable<Buffer> {
  const mebibytes = Math.ceil(scale * 150);
  yield headerBlock({ name: 'bomb', type, size: mebibytes * 2 ** 20 });
  for (let left = mebibytes; left > 0; left--) yield Buffer.alloc(2 ** 20, type === 'L' ? 'd/' : 0);
  yield Buffer.alloc(2 * block);
}

function* many(count: number, make: (index: number) => Buffer[]): Iterable<Buffer> {
  let blocks: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    blocks.push(...make(index));
    if (blocks.length < 2000) continue;
    yield Buffer.concat(blocks);
    blocks = [];
  }
  yield Buffer.concat([...blocks, Buffer.alloc(2 * block)]);
}

/** Streams whose headers ask for much memory before there is any content. */
export function bombStream(random: Random): Buffer {
  const window = Buffer.from([
    0x28,
    0xb5,
    0x2f,
    0xfd,
    random.pick([0, 0x04]),
    random.pick([0xff, 0xf8, 0xa8, 0x98]),
    1,
    0,
    0,
    0,
  ]);
  const single = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, ...random.bytes(7), random.int(2), 1, 0, 0]);
  const skippable = Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(1000)]);
  const gzip = gzipSync(Buffer.alloc(50_000_000));
  const named = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0x18, 0, 0, 0, 0, 0, 3]), Buffer.alloc(5_000_000, 'n')]);
  const members = Buffer.concat(Array.from({ length: 20_000 }, () => gzipSync('')));
  return random.pick([window, single, skippable, gzip, named, members, Buffer.concat([window, window])]);
}

/** A tree with a program, `/usr/bin/app` or a script of that name, that takes long to look through. */
export function bombRoot(random: Random): FileTree {
  const scale = random.pick([0.05, 0.3, 1]);
  const text = () => repeated(random, 200_000 * scale);
  const count = Math.ceil(3000 * scale);
  const names = Array.from({ length: count }, (_, index) => `lib${index}.so`);
  const program = random.pick<() => Uint8Array>([
    () =>
      elf({ interpreter, needs: names, runpath: Array.from({ length: count }, (_, index) => `/d${index}`).join(':') }),
    () => elf({ interpreter, needs: ['libc.so.6'], rpath: '$ORIGIN:'.repeat(count), runpath: '/a:/b:'.repeat(count) }),
    () => elf({ interpreter, needs: ['libc.so.6'], versionsNeeded: [{ file: 'libc.so.6', versions: names }] }),
    () => elf({ interpreter, needs: ['libc.so.6'], symbols: names.map((name) => ({ name, defined: false })) }),
    () => elf({ interpreter, needs: ['libc.so.6'], symbols: imports, strings: Array.from({ length: 20 }, text) }),
    () =>
      elf({ interpreter, needs: ['libc.so.6'], symbols: imports, strings: names.map((name) => `/usr/lib/${name}/%s`) }),
    () => Buffer.from(`#!/bin/sh\n${text()}\n${text()}`),
    () => Buffer.from(`#!/bin/sh ${text()}`),
    () => Buffer.from(`#!/usr/bin/env -S A=b app ${repeated(random, 200)}\n`),
    () => Buffer.from(`#!/usr/bin/app\n${text()}`),
  ])();
  const chain = names
    .slice(0, 300)
    .map((name, index) => [`/usr/lib/${name}`, elf({ soname: name, needs: names.slice(index, index + 30) })]);
  const libc = elf({ soname: 'libc.so.6', versionsDefined: names, symbols: names.map((name) => ({ name })) });
  const packages = Array.from(
    { length: count },
    (_, index) =>
      `Package: p${index}\nStatus: install ok installed\nVersion: 1\nDepends: p${index + 1} | p0, ${repeated(random, 100).replace(/\n/g, ' ')}\n\n`,
  );
  return literalTree({
    '/usr/bin/app': { content: program, mode: 0o755 },
    '/bin/sh': { content: elf(), mode: 0o755 },
    '/usr/bin/env': { content: elf(), mode: 0o755 },
    [interpreter]: { content: elf({ soname: 'ld' }), mode: 0o755 },
    '/usr/lib/libc.so.6': { content: libc },
    ...Object.fromEntries(chain),
    '/etc/ld.so.preload': text(),
    '/etc/ld.so.conf': text(),
    '/etc/passwd': random.chance(0.5) ? text() : 'app:x:1:1:::\n'.repeat(count * 10),
    '/etc/group': random.chance(0.5) ? text() : `g:x:1:${'app,'.repeat(count)}\n`.repeat(10),
    '/etc/nsswitch.conf': text(),
    '/var/lib/dpkg/status': random.chance(0.5) ? packages.join('') : text(),
    '/var/lib/dpkg/info/p0.list': text(),
    '/lib/apk/db/installed': text(),
    '/etc/app.conf': text(),
    '/etc/link': { linkTarget: `${'../'.repeat(1000)}etc/link2` },
    '/etc/link2': { linkTarget: 'link' },
  });
}

const imports = ['dlopen', 'iconv_open', 'system', 'execvp', 'setlocale', 'tzset', 'getpwnam', 'SSL_CTX_new'].map(
  (name) => ({
    name,
    defined: false,
  }),
);

import { openLayout } from '../../../src/content/index.ts';
import { appendLayer, emptyImage, type Image, layerOf, saveImage, withConfig } from '../../../src/image/index.ts';
import { bytesSource, textOfBytes } from '../../../src/kit/index.ts';
import { makeTar, paxEntry, rawEntry, type TarSpec, tarEnd } from '../../make/tar.ts';

/** cap_net_bind_service=ep, as Linux keeps it (vfs_cap_data, version 2). */
const capability = Buffer.from([1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const notUtf8 = textOfBytes(Buffer.from([0x63, 0x61, 0x66, 0xe9]));
const [long, longer] = [`names/${'d'.repeat(90)}/`, `names/${'d'.repeat(90)}/${'e'.repeat(90)}/`];
const time = { mtimeSeconds: 1_600_000_000, mtimeNanoseconds: 123_456_000 };

const base: TarSpec[] = [
  { path: './', mtimeSeconds: 1_000_000_000 },
  { path: 'bin/', ...time },
  { path: 'bin/su', content: 'set-uid program', mode: 0o4755, ...time },
  { path: 'bin/ping', content: 'with a capability', mode: 0o755, xattrs: { 'security.capability': capability } },
  { path: 'bin/same', type: 'hardlink', linkTarget: 'bin/su', mode: 0o4755, ...time },
  { path: 'etc/', mode: 0o750, uid: 5, gid: 7 },
  { path: 'etc/removed', content: 'a later layer removes it' },
  { path: 'etc/changed', content: 'before', uid: 1000, gid: 1000 },
  { path: 'etc/becomes-directory', content: 'a file' },
  { path: 'etc/becomes-file/' },
  { path: 'etc/becomes-file/inside', content: 'goes away with its directory' },
  { path: 'opaque/' },
  { path: 'opaque/hidden', content: 'a later layer hides all of these' },
  { path: 'opaque/deep/' },
  { path: 'opaque/deep/hidden', content: 'this too' },
  { path: 'removed/' },
  { path: 'removed/file', content: 'removed with its directory' },
  { path: 'links/' },
  { path: 'links/one', content: 'three names' },
  { path: 'links/two', type: 'hardlink', linkTarget: 'links/one' },
  { path: 'links/three', type: 'hardlink', linkTarget: './links/one' },
  { path: 'links/target', content: 'linked to by the next layer', mtimeSeconds: 5 },
  { path: 'links/absolute', linkTarget: '/etc/changed', uid: 9, mtimeSeconds: 77 },
  { path: 'links/dangling', linkTarget: '../../../../nowhere' },
  {
    path: 'links/xattr',
    content: 'x',
    xattrs: { 'user.binary': Buffer.from([0, 10, 255, 61, 128]), 'user.text': 'words' },
  },
  { path: 'names/', mode: 0o1777 },
  { path: `names/b\u00fcro \u6f22\u5b57`, content: 'UTF-8' },
  { path: `names/${notUtf8}`, content: 'Latin-1' },
  { path: 'names/tab\tand\nline', content: 'odd' },
  { path: long, ...time },
  { path: longer, ...time },
  { path: `${longer}${'f'.repeat(120)}`, content: 'a path of PAX' },
  { path: 'names/link', linkTarget: `../${longer}${'t'.repeat(120)}` },
  { path: 'owner/', uid: 3_000_000, gid: 4_000_000 },
  { path: 'owner/file', content: 'beyond ustar', uid: 4_294_967_290, gid: 2_097_152 },
  { path: 'times/', mtimeSeconds: 1_234_567_890 },
  { path: 'times/old', content: '', mtimeSeconds: -100_000 },
  { path: 'times/exact', content: '', mtimeSeconds: 1_500_000_000, mtimeNanoseconds: 987_654_000 },
  { path: 'dev/' },
  { path: 'dev/null', type: 'character-device', device: { major: 1, minor: 3 }, mode: 0o666 },
  { path: 'dev/disk', type: 'block-device', device: { major: 7, minor: 200 }, mode: 0o660, gid: 6 },
  { path: 'dev/pipe', type: 'fifo', mode: 0o600, mtimeSeconds: 3 },
  { path: 'usr/' },
  { path: 'usr/lib/' },
  { path: 'lib', linkTarget: 'usr/lib' },
  { path: 'empty/', mode: 0o700 },
];

const second: TarSpec[] = [
  { path: 'etc/', mode: 0o711, uid: 6, gid: 8, mtimeSeconds: 44 },
  { path: 'etc/.wh.removed' },
  { path: 'etc/changed', content: 'afterwards, and longer', uid: 1001, gid: 1001 },
  { path: 'etc/becomes-directory/' },
  { path: 'etc/becomes-directory/inside', content: 'new' },
  { path: 'etc/becomes-file', content: 'a file now' },
  { path: 'opaque/' },
  { path: 'opaque/.wh..wh..opq' },
  { path: 'opaque/shown', content: 'all that is left' },
  { path: '.wh.removed' },
  { path: 'links/across', type: 'hardlink', linkTarget: 'links/target', mtimeSeconds: 5 },
  { path: 'links/two', content: 'a file of its own now' },
  { path: 'usr/lib/later.so', content: 'beside the symlink' },
];

const third: TarSpec[] = [
  { path: 'removed/' },
  { path: 'removed/again', content: 'there again' },
  { path: 'links/.wh.one' },
  { path: 'links/across-three', type: 'hardlink', linkTarget: 'links/across', mtimeSeconds: 5 },
  { path: 'etc/.wh.never-there' },
];

/** Names that no careful tool writes, and that are found all the same. */
const strangeBase: TarSpec[] = [
  { path: './' },
  { path: './usr/' },
  { path: './usr/lib/' },
  { path: '/absolute/' },
  { path: '/absolute/file', content: 'a name with a slash before it' },
  { path: 'lib', linkTarget: 'usr/lib' },
  { path: 'root', linkTarget: '/usr' },
  { path: 'usr//lib/./dots', content: 'an untidy name' },
  { path: 'usr/../up', content: 'a name with dots in it' },
  { path: 'dir/', mode: 0o700, uid: 4 },
  { path: 'dir/kept', content: 'kept' },
  { path: 'link-first/' },
  { path: 'link-first/file', content: 'x' },
];

const strangeTop: TarSpec[] = [
  { path: 'lib/through', content: 'a name through a symlink' },
  { path: 'root/through', content: 'a name through an absolute symlink' },
  { path: 'dir/.wh.kept' },
  { path: 'dir/kept', content: 'again' },
  { path: 'usr/lib/.wh.dots' },
  { path: 'absolute/hard', type: 'hardlink', linkTarget: '/absolute/file' },
  { path: 'link-first/', mode: 0o500, mtimeSeconds: 1 },
];

const doubled: TarSpec[] = [
  { path: './' },
  { path: 'twice', content: 'first', mode: 0o600 },
  { path: 'becomes-link', content: 'a file' },
  { path: 'dir/', mode: 0o700, uid: 4 },
  { path: 'dir/kept', content: 'kept' },
  { path: 'twice', content: 'second', mode: 0o640 },
  { path: 'becomes-link', linkTarget: 'twice' },
  { path: 'dir/', mode: 0o755, uid: 5 },
];

/** A directory and a file of two megabytes of which a few bytes are stored, in GNU's sparse format 1.0. */
function sparseLayer(): Buffer {
  const map = '2\n4096\n5\n1500000\n3\n';
  const stored = Buffer.concat([Buffer.from(map.padEnd(512, '\0')), Buffer.from('FIRSTEND')]);
  const records = [
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.minor', '0'],
    ['GNU.sparse.name', 'sparse'],
    ['GNU.sparse.realsize', '2000000'],
  ] as const;
  return Buffer.concat([
    rawEntry({ name: './', typeFlag: '5', mode: '0000755' }),
    paxEntry(records),
    rawEntry({ name: 'GNUSparseFile.0/sparse' }, stored),
    tarEnd,
  ]);
}

/** An image with names that are untidy or lead through symlinks. */
export const writeStrangeImage = async (folder: string): Promise<Image> =>
  writeSample({
    folder,
    tars: [await makeTar(strangeBase), await makeTar(strangeTop)],
    compressions: ['gzip', 'gzip'],
  });

/** An image whose layer names the same paths twice, which podman refuses. */
export const writeDoubledImage = async (folder: string): Promise<Image> =>
  writeSample({ folder, tars: [await makeTar(doubled)], compressions: ['none'] });

interface Sample {
  readonly folder: string;
  readonly tars: readonly Buffer[];
  /** Of the layers in turn. */
  readonly compressions: readonly ('gzip' | 'zstd' | 'none')[];
}

/** Writes an image with everything that makes layers hard into the layout at `folder`, under the tag `latest`. */
export const writeRichImage = async (folder: string): Promise<Image> =>
  writeSample({
    folder,
    tars: [await makeTar(base), await makeTar(second), await makeTar(third)],
    compressions: ['gzip', 'none', 'gzip'],
  });

/** The same with a sparse file, which docker and podman can unpack, and cannot write again. */
export const writeSparseImage = (folder: string): Promise<Image> =>
  writeSample({ folder, tars: [sparseLayer()], compressions: ['gzip'] });

async function writeSample({ folder, tars, compressions }: Sample): Promise<Image> {
  const layout = await openLayout(folder, { create: true });
  let image = withConfig(emptyImage({ os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64' }), {
    entrypoint: ['/bin/su'],
    cmd: ['--help'],
    env: ['PATH=/bin', 'EMPTY='],
    workingDir: '/etc',
    user: '5:7',
    exposedPorts: ['80/tcp', '53/udp'],
    volumes: ['/empty'],
    labels: { 'org.example.what': 'a rich image', ü: '"quoted" <&>' },
    stopSignal: 'SIGUSR1',
    created: '2024-02-29T12:34:56.789Z',
  });
  for (const [index, tar] of tars.entries()) {
    const compression = compressions[index] ?? 'none';
    const layer = await layerOf(layout, bytesSource(tar).open(), { compression });
    image = appendLayer(image, layer, { createdBy: `layer ${index}`, emptyLayer: false });
  }
  await saveImage(image, { kind: 'oci', path: folder, tag: 'latest' }, { store: layout });
  return image;
}

import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openLayout } from '../../src/content/index.ts';
import { closureOf } from '../../src/facts/loader/index.ts';
import { type TarHeader, type TarItem, writeTar } from '../../src/formats/tar/index.ts';
import { appendLayer, emptyImage, layerOf, saveImage, withConfig } from '../../src/image/index.ts';
import { type ImagePath, imagePath, type Source } from '../../src/kit/index.ts';
import { hostTree, layerBetween, literalTree, resolve, selectFiles, walk } from '../../src/rootfs/index.ts';
import { tarItem } from '../make/tar.ts';

export interface BenchImage {
  /** For the command line. */
  readonly place: string;
  /** The layers' blobs, base first. */
  readonly layers: readonly string[];
  readonly sizeBytes: number;
  readonly files: number;
}

export interface ImageSize {
  /** Of all files together. */
  readonly megabytes: number;
  /** Of text files; as many as fit an ordinary image when absent. */
  readonly texts?: number | undefined;
}

const program = '/usr/bin/env' as ImagePath;
const host = hostTree('/');

/** An image like those that are large: a program with its libraries, many small files, libraries, data that packs and that does not. */
export async function makeBenchImage(folder: string, size: ImageSize): Promise<BenchImage> {
  const { megabytes, texts = Math.ceil(megabytes * 12) } = size;
  const store = await openLayout(join(folder, 'store'), { create: true });
  const counted = { sizeBytes: 0, files: 0 };
  const layer = (items: AsyncIterable<TarItem>) =>
    layerOf(store, writeTar(counting(items, counted)), { compression: 'gzip' });
  let image = withConfig(emptyImage({ os: 'linux', architecture: architecture() }), {
    entrypoint: [program, 'true'],
  });
  image = appendLayer(image, await layer(base(texts)));
  image = appendLayer(image, await layer(libraries(megabytes * 0.55e6)));
  image = appendLayer(image, await layer(data(megabytes * 0.35e6)));
  const target = join(folder, 'layout');
  mkdirSync(target);
  await saveImage(image, `oci:${target}:bench`, { store });
  const layers = image.layers.map(({ descriptor }) => `${target}/blobs/${descriptor.digest.replace(':', '/')}`);
  return { place: `oci:${target}:bench`, layers, ...counted };
}

const architecture = (): string => (process.arch === 'x64' ? 'amd64' : process.arch);

async function* counting(items: AsyncIterable<TarItem>, into: { sizeBytes: number; files: number }) {
  for await (const item of items) {
    into.sizeBytes += item.header.sizeBytes;
    into.files++;
    yield item;
  }
}

async function* base(texts: number): AsyncGenerator<TarItem> {
  const found = await resolve(host, program);
  if (!found.found) throw new Error(`${program} is not there`);
  const { files } = await closureOf(host, found.path);
  const names = ['/usr/bin/true', '/etc/passwd', '/etc/group', '/etc/os-release', '/usr/lib/os-release'].map(imagePath);
  yield* layerBetween(
    literalTree({}),
    selectFiles(host, [...found.links, found.path, ...files.map(({ path }) => path), ...names]),
  );
  for (let at = 0; at < texts; at++)
    yield textFile(`usr/share/doc/package-${at % 997}/file-${at}`, 500 + ((at * 7919) % 5000));
}

const words = 'the image has a file that says what it holds and where it came from without any other reason'.split(' ');

function textFile(path: string, length: number): TarItem {
  let content = '';
  for (let at = length; content.length < length; at = (at * 48271) % 2147483647)
    content += `${words[at % words.length]} `;
  return tarItem({ path, content });
}

/** ELF files of this machine, again under other names where it has not enough of them. */
async function* libraries(mostBytes: number): AsyncGenerator<TarItem> {
  let left = mostBytes;
  for (let round = 0; left > 0; round++) {
    for await (const { path, node } of walk(host, '/usr/lib' as ImagePath)) {
      if (node.kind !== 'file' || node.sizeBytes > Math.max(left, 1e6) || !(await isElf(node.content))) continue;
      left -= node.sizeBytes;
      yield { header: fileHeader(`opt/copy-${round}${path}`, node.sizeBytes, 0o755), body: node.content };
      if (left <= 0) return;
    }
  }
}

const isElf = async (content: Source): Promise<boolean> =>
  Buffer.from((await content.readAt?.(0, 4)) ?? []).toString('latin1') === '\x7fELF';

/** Half of it packs well, half of it not at all. */
async function* data(mostBytes: number): AsyncGenerator<TarItem> {
  const fileBytes = Math.ceil(Math.min(mostBytes / 4, 200e6));
  for (let at = 0; at * fileBytes < mostBytes; at++) {
    const header = fileHeader(`srv/data-${at}`, fileBytes, 0o644);
    yield { header, body: at % 2 === 0 ? randomBytes(fileBytes) : repeated(fileBytes) };
  }
}

function randomBytes(sizeBytes: number): Source {
  return filled(sizeBytes, (block, at) => {
    for (let offset = 0; offset < block.length; offset += 64) {
      block.set(createHash('sha512').update(`${at} ${offset}`).digest(), offset);
    }
  });
}

function repeated(sizeBytes: number): Source {
  const text = Buffer.from(`{"name":"an entry","value":[1,2,3],"note":"${words.join(' ')}"}\n`);
  return filled(sizeBytes, (block, at) => {
    for (let offset = 0; offset < block.length; offset += text.length) text.copy(block, offset);
    block.write(String(at));
  });
}

const filled = (sizeBytes: number, fill: (block: Buffer, at: number) => void): Source => ({
  sizeBytes,
  async *open() {
    for (let at = 0; at < sizeBytes; at += 2 ** 20) {
      const block = Buffer.alloc(2 ** 20);
      fill(block, at);
      yield block.subarray(0, sizeBytes - at);
    }
  },
});

const fileHeader = (path: string, sizeBytes: number, mode: number): TarHeader => ({
  ...tarItem({ path, mode }).header,
  sizeBytes,
});

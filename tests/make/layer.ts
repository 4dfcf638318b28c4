import { gzipSync } from 'node:zlib';
import { type TarItem, writeTar } from '../../src/formats/tar/index.ts';
import type { Layer } from '../../src/image/index.ts';
import { bytesSource, digestOf, type Source } from '../../src/kit/index.ts';
import { makeTar, type TarSpec } from './tar.ts';

/** A layer whose blob is the tar itself. */
export const makeLayer = async (specs: readonly TarSpec[]): Promise<Layer> => layerOfTar(await makeTar(specs));

/** A layer of these items, through our own writer. */
export async function layerOfItems(items: AsyncIterable<TarItem>): Promise<Layer> {
  const parts: Uint8Array[] = [];
  for await (const part of writeTar(items)) parts.push(part);
  return layerOfTar(Buffer.concat(parts));
}

const layerOfTar = (tar: Uint8Array): Layer => ({ ...described(tar, tar, 'tar'), tar: bytesSource(tar) });

/** A layer whose blob is gzip; `tar` counts how often it was opened, and can be read from its beginning only. */
export async function makeGzipLayer(specs: readonly TarSpec[]): Promise<Layer & { readonly opened: () => number }> {
  const bytes = await makeTar(specs);
  let opened = 0;
  const tar: Source = {
    open: () => {
      opened++;
      return bytesSource(bytes).open();
    },
  };
  return { ...described(bytes, gzipSync(bytes), 'tar+gzip'), tar, opened: () => opened };
}

const described = (tar: Uint8Array, blob: Uint8Array, kind: string) => ({
  diffId: digestOf(tar),
  descriptor: {
    mediaType: `application/vnd.oci.image.layer.v1.${kind}`,
    digest: digestOf(blob),
    size: blob.byteLength,
  },
  blob: bytesSource(blob),
  history: undefined,
});

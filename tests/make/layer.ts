import { gzipSync } from 'node:zlib';
import type { Layer } from '../../src/image/index.ts';
import { bytesSource, digestOf, type Source } from '../../src/kit/index.ts';
import { makeTar, type TarSpec } from './tar.ts';

/** A layer whose blob is the tar itself. */
export async function makeLayer(specs: readonly TarSpec[]): Promise<Layer> {
  const tar = await makeTar(specs);
  return { ...described(tar, tar, 'tar'), tar: bytesSource(tar) };
}

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

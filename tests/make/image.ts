import { memoryStore } from '../../src/content/index.ts';
import type { Platform, ProcessConfig } from '../../src/formats/oci/index.ts';
import { type TarHeader, type TarItem, writeTar } from '../../src/formats/tar/index.ts';
import { appendLayer, emptyImage, type Image, type LayerOptions, layerOf, withConfig } from '../../src/image/index.ts';
import { tarItem } from './tar.ts';

/** A file by its content, or any entry by what is not ordinary about it. */
export type MadeFile =
  | string
  | Uint8Array
  | (Partial<Omit<TarHeader, 'path'>> & { readonly content?: string | Uint8Array });

/** The entries of one layer by their names: `/bin/hello`, `/etc/.wh.motd`; a name that ends in `/` is a directory. */
export type MadeLayer = Readonly<Record<string, MadeFile>>;

export interface MadeConfig extends Partial<ProcessConfig> {
  readonly platform?: Platform;
  /** How layers are stored; none when absent. */
  readonly compression?: LayerOptions['compression'];
}

/** An image in a store in memory. Parent directories are not added; entries come in the order given. */
export async function makeImage(layers: readonly MadeLayer[], config: MadeConfig = {}): Promise<Image> {
  const { platform = { os: 'linux', architecture: 'amd64' }, compression = 'none', ...process } = config;
  const store = memoryStore();
  let image = withConfig(emptyImage(platform), process);
  for (const layer of layers) {
    const history = { createdBy: `made of ${Object.keys(layer).length} entries`, emptyLayer: false };
    image = appendLayer(image, await layerOf(store, makeTar(layer), { compression, history }));
  }
  return image;
}

/** A tar of such entries, names as an image has them: without the first slash. */
export const makeTar = (layer: MadeLayer): AsyncIterable<Uint8Array> => writeTar(Object.entries(layer).map(itemOf));

function itemOf([name, file]: [string, MadeFile]): TarItem {
  const path = name.replace(/^\//, '');
  if (typeof file === 'string' || file instanceof Uint8Array) return fileItem(path, file, {});
  const { content = '', ...header } = file;
  return fileItem(path, content, header);
}

function fileItem(path: string, content: string | Uint8Array, given: Partial<TarHeader>): TarItem {
  const type = given.type ?? (path.endsWith('/') || path === '' ? 'directory' : 'file');
  const mode = type === 'directory' || /^(usr\/)?(s?bin|lib|lib64)\//.test(path) ? 0o755 : 0o644;
  return tarItem({ mode, ...given, path: path === '' ? './' : path, type, content });
}

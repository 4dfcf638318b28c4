import { readTar, type TarEntry, type TarHeader } from '../formats/tar/index.ts';
import type { Image, Layer } from '../image/index.ts';
import { bytesSource, Fault, type ImagePath, imagePath, isFault, type Source } from '../kit/index.ts';
import { ContentCache, entrySource, keepBody, partOf } from './entry-content.ts';
import { LayerStack } from './layer-stack.ts';
import { memoryTree } from './memory.ts';
import { noBytes } from './node.ts';
import { Spool } from './spool.ts';
import type { FileTree } from './tree.ts';
import { turnTaker } from './turn.ts';

/** An entry while its layer is read, before it is applied. */
export interface PassingEntry {
  /** 0 is the base. */
  readonly layer: number;
  /** The name tidied as text; symlinks on the way to it are not followed. */
  readonly path: ImagePath;
  readonly header: TarHeader;
  /** Readable until the returned promise is fulfilled. */
  readonly body: AsyncIterable<Uint8Array>;
}

export interface TreeOptions {
  /**
   * A directory for temporary files: what compressed layers hold is put by there while it is read.
   * Default: none; small files are kept in memory, and for others the layer is read again from its beginning.
   */
  readonly spool?: string;
  /** Is shown each entry of each layer, base first, also those that later ones hide. */
  readonly onEntry?: (entry: PassingEntry) => Promise<void> | void;
  /** Default: 1,000,000. */
  readonly mostEntries?: number;
  readonly signal?: AbortSignal;
}

/** An image's files. `close` gives back what `spool` took; contents cannot be read after it. */
export interface ImageTree extends FileTree {
  close(): void;
}

const smallBytes = 64 * 1024;
const keptBytes = 64 * 1024 * 1024;
const cachedBytes = 128 * 1024 * 1024;

/**
 * What the layers of `image` show together. Reads each of them once, and so checks them against their digests.
 * Names and metadata are held in memory, contents stay where they are: see {@link LayerStack} for the rules.
 * @throws {Fault} LAYER_MALFORMED, TAR_MALFORMED, COMPRESSION_MALFORMED, DIGEST_MISMATCH, TOO_LARGE, ABORTED.
 */
export async function treeOf(image: Pick<Image, 'layers'>, options: TreeOptions = {}): Promise<ImageTree> {
  const stack = new LayerStack(options.mostEntries ?? 1_000_000);
  const reader = new LayerReader(stack, options);
  try {
    for (const [at, layer] of image.layers.entries()) await reader.read(layer, at);
  } catch (error) {
    reader.close();
    throw error;
  }
  return { ...memoryTree(stack.finish()), close: () => reader.close() };
}

class LayerReader {
  readonly #stack: LayerStack;
  readonly #options: TreeOptions;
  readonly #cache = new ContentCache(cachedBytes);
  #spool: Spool | undefined;
  #keptBytes = 0;
  readonly #takeTurn: ReturnType<typeof turnTaker>;

  constructor(stack: LayerStack, options: TreeOptions) {
    this.#stack = stack;
    this.#options = options;
    this.#takeTurn = turnTaker(options.signal);
  }

  async read(layer: Layer, number: number): Promise<void> {
    this.#stack.beginLayer();
    const place = this.#placeOf(layer);
    let index = 0;
    try {
      for await (const entry of readTar(place.bytes)) {
        await this.#takeTurn();
        const content = await this.#contentOf(entry, index++, { layer, place });
        await this.#show(entry, number, content);
        this.#stack.add(entry.header, content.source);
      }
    } catch (error) {
      throw inLayer(error, layer, number);
    }
  }

  close(): void {
    this.#spool?.close();
    this.#spool = undefined;
  }

  /** The bytes of a layer, and where they can be read again from any offset on. */
  #placeOf({ blob, tar, descriptor, diffId }: Layer): Place {
    if (descriptor.digest === diffId && blob.readAt) {
      return { bytes: tar.open(), readAt: (offset, length) => blob.readAt?.(offset, length) ?? nothing, offset: 0 };
    }
    if (this.#options.spool === undefined) return { bytes: tar.open(), readAt: undefined, offset: 0 };
    this.#spool ??= new Spool(this.#options.spool);
    return { bytes: this.#spool.keep(tar), readAt: this.#spool.readAt, offset: this.#spool.length };
  }

  async #contentOf(entry: TarEntry, index: number, { layer, place }: { layer: Layer; place: Place }): Promise<Content> {
    const { sizeBytes } = entry.header;
    if (sizeBytes === 0) return { source: noBytes, kept: true };
    if (place.readAt && entry.contiguous) {
      return { source: partOf(place.readAt, place.offset + entry.offset, sizeBytes), kept: false };
    }
    if (sizeBytes <= smallBytes && this.#keptBytes + sizeBytes <= keptBytes) {
      this.#keptBytes += sizeBytes;
      return { source: bytesSource(await keepBody(entry)), kept: true };
    }
    return { source: entrySource(layer.tar, { index, sizeBytes }, this.#cache), kept: false };
  }

  async #show({ header, body }: TarEntry, layer: number, { source, kept }: Content): Promise<void> {
    const { onEntry } = this.#options;
    await onEntry?.({ layer, path: imagePath(header.path), header, body: kept ? source.open() : body });
  }
}

interface Place {
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly readAt: Source['readAt'];
  /** Where the layer begins in what `readAt` reads. */
  readonly offset: number;
}

interface Content {
  readonly source: Source;
  /** Whether the body has been read to its end. */
  readonly kept: boolean;
}

const nothing = Promise.resolve(new Uint8Array(0));

/** Says which layer it was. */
function inLayer(error: unknown, { descriptor }: Layer, number: number): unknown {
  if (!isFault(error) || error.code === 'ABORTED') return error;
  return new Fault(error.code, `layer ${number + 1} (${descriptor.digest}): ${error.message}`, {
    ...(error.hint !== undefined && { hint: error.hint }),
    about: { ...error.about, layer: descriptor.digest },
    cause: error,
  });
}

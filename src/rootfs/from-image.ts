import { tmpdir } from 'node:os';
import { readTar, type TarEntry, type TarHeader } from '../formats/tar/index.ts';
import type { Image, Layer } from '../image/index.ts';
import { bytesSource, Fault, type ImagePath, imagePath, isFault, type Source } from '../kit/index.ts';
import { keepBody } from './entry-content.ts';
import { FactKeeper } from './fact-keeper.ts';
import type { Elsewhere } from './held-file.ts';
import { type LayerPlace, placeOf, type StoredFile } from './layer-place.ts';
import { LayerStack } from './layer-stack.ts';
import { memoryTree } from './memory.ts';
import { noBytes } from './node.ts';
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
   * A directory for temporary files: what compressed layers hold is put by there while they are read. Without it
   * small files are kept in memory, for others the layer is read again, and put by in the system's directory for
   * temporary files when several are wanted. To be given when most of the contents will be read.
   */
  readonly spool?: string;
  /**
   * `facts` is for who asks afterwards what the image is and whether it starts: while the layers pass, everything that
   * this takes is kept, so that no layer is read again in ordinary cases, and the memory stays bounded. Kept are
   * - of each ELF file its headers as parsed (`parseElf` answers from memory), its symbols, versions and relocations;
   * - whole: scripts, what is in /etc, package databases, the libc and its loader, launchers, shells and interpreters
   *   up to 16 MiB, what has one of the names in `wanted`, what links of such names lead to and what scripts of such
   *   names name; large ones are put by in a temporary file;
   * - other files up to 4 KiB, and the first 64 bytes of all, mostly 512.
   * Questions about anything else are answered too, by reading a layer again (see {@link ImageTree}'s `rereads`).
   */
  readonly keep?: 'facts';
  /** Names or paths of the programs and scripts that a start may come to: the words of Entrypoint, Cmd and Healthcheck. */
  readonly wanted?: readonly string[];
  /** Is shown each entry of each layer, base first, also those that later ones hide. */
  readonly onEntry?: (entry: PassingEntry) => Promise<void> | void;
  /** Default: 1,000,000. */
  readonly mostEntries?: number;
  readonly signal?: AbortSignal;
}

/** An image's files. `close` gives back what `spool` took; contents cannot be read after it. */
export interface ImageTree extends FileTree {
  /** How often a layer had to be read again for the content of a file. */
  rereads(): number;
  close(): void;
}

const smallBytes = 64 * 1024;
const keptBytes = 64 * 1024 * 1024;

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
  return { ...memoryTree(stack.finish()), rereads: () => reader.rereads(), close: () => reader.close() };
}

class LayerReader {
  readonly #stack: LayerStack;
  readonly #options: TreeOptions;
  readonly #places: LayerPlace[] = [];
  readonly #takeTurn: ReturnType<typeof turnTaker>;
  readonly #keeper: FactKeeper | undefined;
  #keptBytes = 0;

  constructor(stack: LayerStack, options: TreeOptions) {
    this.#stack = stack;
    this.#options = options;
    this.#takeTurn = turnTaker(options.signal);
    this.#keeper = options.keep === 'facts' ? new FactKeeper(options.wanted ?? [], tmpdir()) : undefined;
  }

  async read(layer: Layer, number: number): Promise<void> {
    this.#stack.beginLayer();
    const place = placeOf(layer, this.#options.spool);
    this.#places.push(place);
    let index = 0;
    try {
      for await (const entry of readTar(place.bytes)) {
        await this.#takeTurn();
        const content = await this.#contentOf(entry, index++, place);
        await this.#show(entry, number, content);
        this.#stack.add(entry.header, content.source);
      }
    } catch (error) {
      throw inLayer(error, layer, number);
    }
  }

  rereads(): number {
    return this.#places.reduce((sum, place) => sum + place.rereads(), 0);
  }

  close(): void {
    this.#keeper?.close();
    for (const place of this.#places.splice(0)) place.close();
  }

  async #contentOf(entry: TarEntry, index: number, place: LayerPlace): Promise<Content> {
    const { sizeBytes, type } = entry.header;
    if (type === 'symlink' || type === 'hardlink') this.#keeper?.noteLink(entry.header);
    if (sizeBytes === 0) return { source: noBytes, kept: true };
    const file = { index, offset: entry.offset, sizeBytes, contiguous: entry.contiguous };
    if (this.#keeper) return { source: await this.#keeper.keep(entry, new Again(place, file)), kept: true };
    const isNear = place.readsAnywhere && entry.contiguous;
    if (isNear || sizeBytes > smallBytes || this.#keptBytes + sizeBytes > keptBytes) {
      return { source: place.contentOf(file), kept: false };
    }
    this.#keptBytes += sizeBytes;
    return { source: bytesSource(await keepBody(entry)), kept: true };
  }

  async #show({ header, body }: TarEntry, layer: number, { source, kept }: Content): Promise<void> {
    const { onEntry } = this.#options;
    await onEntry?.({ layer, path: imagePath(header.path), header, body: kept ? source.open() : body });
  }
}

/** The content of a file, by reading its layer again. */
class Again implements Elsewhere {
  readonly #place: LayerPlace;
  readonly #file: StoredFile;

  constructor(place: LayerPlace, file: StoredFile) {
    this.#place = place;
    this.#file = file;
  }

  source(): Source {
    return this.#place.contentOf(this.#file);
  }
}

interface Content {
  readonly source: Source;
  /** Whether the body has been read to its end. */
  readonly kept: boolean;
}

/** Says which layer it was. */
function inLayer(error: unknown, { descriptor }: Layer, number: number): unknown {
  if (!isFault(error) || error.code === 'ABORTED') return error;
  return new Fault(error.code, `layer ${number + 1} (${descriptor.digest}): ${error.message}`, {
    ...(error.hint !== undefined && { hint: error.hint }),
    about: { ...error.about, layer: descriptor.digest },
    cause: error,
  });
}

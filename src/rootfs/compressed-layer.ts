import { readTar } from '../formats/tar/index.ts';
import { readAll, type Source } from '../kit/index.ts';
import { cutShort, partOf } from './entry-content.ts';
import type { StoredFile } from './layer-place.ts';
import { Spool } from './spool.ts';

/** So many times a layer is read from its beginning for one file, before all of it is put by. */
const mostRereads = 2;
/** Larger files are not kept in memory. */
const mostKeptBytes = 128 << 20;

/**
 * The large files of a layer that can only be read from its beginning. Who wants one or two files reads it again up
 * to them; who wants more has it put by, in a file without a name, from where any can be read.
 */
export class CompressedLayer {
  readonly #tar: Source;
  readonly #directory: string | undefined;
  #reads = 0;
  #rereads = 0;
  #spool: Promise<Spool | undefined> | undefined;
  /** The file read last by pieces. */
  #kept: { readonly index: number; readonly bytes: Promise<Uint8Array> } | undefined;

  /** `directory` is for the temporary file; without one the layer is always read again. */
  constructor(tar: Source, directory: string | undefined) {
    this.#tar = tar;
    this.#directory = directory;
  }

  /** How often the layer was read from its beginning. */
  get rereads(): number {
    return this.#rereads;
  }

  /** The content of a file, readable as often as wanted. */
  contentOf({ index, offset, sizeBytes, contiguous }: StoredFile): Source {
    const stored = async (): Promise<Source | undefined> => {
      const spool = await this.#spoolWhenWanted();
      return spool && contiguous ? partOf(spool.readAt, offset, sizeBytes) : undefined;
    };
    const reread = () => this.#readEntry(index);
    async function* open(): AsyncGenerator<Uint8Array> {
      yield* (await stored())?.open() ?? reread();
    }
    if (sizeBytes > mostKeptBytes) return { sizeBytes, open };
    const readAt = async (from: number, length: number): Promise<Uint8Array> => {
      if (this.#kept?.index !== index) {
        const place = await stored();
        if (place?.readAt) return place.readAt(from, length);
        this.#kept = { index, bytes: readAll({ open: reread }, sizeBytes) };
      }
      return (await this.#kept.bytes).subarray(from, from + length);
    };
    return { sizeBytes, open, readAt };
  }

  async close(): Promise<void> {
    (await this.#spool)?.close();
  }

  #spoolWhenWanted(): Promise<Spool | undefined> | undefined {
    if (this.#directory !== undefined && ++this.#reads > mostRereads) this.#spool ??= this.#putBy(this.#directory);
    return this.#spool;
  }

  /** undefined where there is no room for it: reading again and again still works. */
  async #putBy(directory: string): Promise<Spool | undefined> {
    let spool: Spool | undefined;
    this.#rereads++;
    try {
      spool = new Spool(directory);
      for await (const _ of spool.keep(this.#tar));
      return spool;
    } catch {
      spool?.close();
      return undefined;
    }
  }

  async *#readEntry(index: number): AsyncGenerator<Uint8Array> {
    this.#rereads++;
    let at = 0;
    for await (const entry of readTar(this.#tar.open())) {
      if (at++ < index) continue;
      yield* entry.body;
      return;
    }
    throw cutShort();
  }
}

import { readTar } from '../formats/tar/index.ts';
import { Fault, type Source } from '../kit/index.ts';
import { cutShort, partOf } from './entry-content.ts';
import type { StoredFile } from './layer-place.ts';
import { Spool } from './spool.ts';

/** So many times a layer is read from its beginning for one file, before all of it is put by. */
const mostRereads = 2;
/** What is read by pieces is kept in memory up to this size, else in a file. */
const mostKeptBytes = 16 << 20;
/** Without room for a file it is kept in memory up to this size. */
const mostKeptOtherwise = 128 << 20;

type ReadAt = NonNullable<Source['readAt']>;

/**
 * The large files of a layer that can only be read from its beginning. Who wants one or two files reads it again up
 * to them; who wants more has it put by, in a file without a name, from where any can be read.
 */
export class CompressedLayer {
  readonly #tar: Source;
  readonly #directory: string | undefined;
  readonly #spools: Spool[] = [];
  #reads = 0;
  #rereads = 0;
  #spool: Promise<Spool | undefined> | undefined;
  /** The file read last by pieces. */
  #kept: { readonly index: number; readonly read: Promise<ReadAt> } | undefined;

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
    // A sparse file may be of any size, and is as large where it is put by.
    if (sizeBytes > mostKeptOtherwise && (this.#directory === undefined || !contiguous)) return { sizeBytes, open };
    const readAt = async (from: number, length: number): Promise<Uint8Array> => {
      if (this.#kept?.index !== index) {
        const place = await stored();
        if (place?.readAt) return place.readAt(from, length);
        this.#kept = { index, read: this.#keep({ sizeBytes, open: reread }, sizeBytes) };
      }
      const read = await this.#kept.read;
      return read(from, Math.max(0, Math.min(length, sizeBytes - from)));
    };
    return { sizeBytes, open, readAt };
  }

  async close(): Promise<void> {
    await this.#spool;
    for (const spool of this.#spools.splice(0)) spool.close();
  }

  async #keep(source: Source, sizeBytes: number): Promise<ReadAt> {
    const spool = sizeBytes > mostKeptBytes ? await this.#putBy(source) : undefined;
    if (spool !== undefined) return spool.readAt;
    if (sizeBytes > mostKeptOtherwise) throw noRoom(sizeBytes);
    const bytes = Buffer.allocUnsafeSlow(sizeBytes);
    let at = 0;
    for await (const piece of source.open()) {
      if (at + piece.length > sizeBytes) throw cutShort();
      bytes.set(piece, at);
      at += piece.length;
    }
    return async (from, length) => bytes.subarray(from, from + length);
  }

  #spoolWhenWanted(): Promise<Spool | undefined> | undefined {
    if (this.#directory !== undefined && ++this.#reads > mostRereads) this.#spool ??= this.#putByAll();
    return this.#spool;
  }

  #putByAll(): Promise<Spool | undefined> {
    this.#rereads++;
    return this.#putBy(this.#tar);
  }

  /** undefined where there is no room for it: reading again and again still works. */
  async #putBy(source: Source): Promise<Spool | undefined> {
    if (this.#directory === undefined) return undefined;
    let spool: Spool | undefined;
    try {
      spool = new Spool(this.#directory);
      for await (const _ of spool.keep(source));
      this.#spools.push(spool);
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

const noRoom = (sizeBytes: number): Fault =>
  new Fault('TOO_LARGE', `there is no room for a temporary file of ${sizeBytes} bytes`, {
    hint: 'Free some space in the directory for temporary files, or name another one with TMPDIR.',
  });

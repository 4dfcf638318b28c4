import { Fault, readAt, type Source } from '../../kit/index.ts';

/** How numbers stand in a file. */
export interface Layout {
  readonly class: 32 | 64;
  readonly littleEndian: boolean;
}

const aheadBytes = 16 * 1024;
const pageBytes = 4096;
/** A sound file needs a handful; a hostile one that points everywhere shall not fill the memory. */
const chunksLimit = 32;

/** Reads ranges of a file, and reads ahead where that saves a call, as what an ELF file says of itself lies close together. */
export class FileReader {
  readonly #source: Source;
  readonly #chunks: { offset: number; bytes: Buffer }[] = [];

  constructor(source: Source) {
    this.#source = source;
  }

  /** What the file has between `offset` and `offset + length`; less only at its end. */
  async upTo(offset: number, length: number): Promise<Buffer> {
    if (!Number.isSafeInteger(offset + length)) return Buffer.alloc(0);
    if (this.#source.inMemory) return this.#read(offset, length);
    const known = this.#chunks.find(
      (chunk) => chunk.offset <= offset && offset + length <= chunk.offset + chunk.bytes.length,
    );
    const chunk = known ?? (await this.#readChunk(offset, length));
    return chunk.bytes.subarray(offset - chunk.offset, offset - chunk.offset + length);
  }

  /** As {@link upTo}, for bytes that are looked at once: they are not kept. */
  async passing(offset: number, length: number): Promise<Buffer> {
    return Number.isSafeInteger(offset + length) ? this.#read(offset, length) : Buffer.alloc(0);
  }

  /** All of that range. @throws {Fault} ELF_MALFORMED when the file ends before; `what` names it. */
  async exactly(offset: number, length: number, what: string): Promise<Buffer> {
    const bytes = await this.upTo(offset, length);
    return bytes.length === length ? bytes : malformed(`ends inside ${what}`);
  }

  async #readChunk(offset: number, length: number): Promise<{ offset: number; bytes: Buffer }> {
    const start = offset - (offset % pageBytes);
    const wanted = offset === 0 ? length : Math.max(offset - start + length, aheadBytes);
    const chunk = { offset: start, bytes: await this.#read(start, wanted) };
    if (this.#chunks.length === chunksLimit) this.#chunks.shift();
    this.#chunks.push(chunk);
    return chunk;
  }

  async #read(offset: number, length: number): Promise<Buffer> {
    const left = Math.max((this.#source.sizeBytes ?? Number.MAX_SAFE_INTEGER) - offset, 0);
    if (Math.min(length, left) === 0) return Buffer.alloc(0);
    const bytes = await readAt(this.#source, offset, Math.min(length, left));
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}

/** The numbers of one range of a file. */
export class Words {
  readonly bytes: Buffer;
  readonly littleEndian: boolean;
  readonly is64: boolean;

  constructor(bytes: Buffer, layout: Layout) {
    this.bytes = bytes;
    this.littleEndian = layout.littleEndian;
    this.is64 = layout.class === 64;
  }

  u16(at: number): number {
    return this.littleEndian ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  u32(at: number): number {
    return this.littleEndian ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  u64(at: number): bigint {
    return this.littleEndian ? this.bytes.readBigUInt64LE(at) : this.bytes.readBigUInt64BE(at);
  }

  /** An address or size: 4 bytes in a 32-bit file, 8 in a 64-bit one. */
  word(at: number): bigint {
    return this.is64 ? this.u64(at) : BigInt(this.u32(at));
  }
}

export function malformed(what: string): never {
  throw new Fault('ELF_MALFORMED', `an ELF file ${what}`, {
    hint: 'The file is cut short or damaged: build, install or copy it again.',
  });
}

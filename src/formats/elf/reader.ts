import { Fault, readAt, type Source } from '../../kit/index.ts';

/** How numbers stand in a file. */
export interface Layout {
  readonly class: 32 | 64;
  readonly littleEndian: boolean;
}

const aheadBytes = 16 * 1024;

/** Reads ranges of a file, and reads ahead, as what an ELF file says of itself lies close together. */
export class FileReader {
  readonly #source: Source;
  readonly #chunks: { offset: number; bytes: Buffer }[] = [];

  constructor(source: Source) {
    this.#source = source;
  }

  /** What the file has between `offset` and `offset + length`; less only at its end. */
  async upTo(offset: number, length: number): Promise<Buffer> {
    for (const chunk of this.#chunks) {
      const from = offset - chunk.offset;
      if (from >= 0 && from + length <= chunk.bytes.length) return chunk.bytes.subarray(from, from + length);
    }
    if (!Number.isSafeInteger(offset + length)) return Buffer.alloc(0);
    const left = Math.max((this.#source.sizeBytes ?? Number.MAX_SAFE_INTEGER) - offset, 0);
    const wanted = Math.min(offset === 0 ? length : Math.max(length, aheadBytes), left);
    const read = await readAt(this.#source, offset, wanted);
    const bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
    this.#chunks.push({ offset, bytes });
    return bytes.subarray(0, length);
  }

  /** As {@link upTo}, for bytes that are looked at once: they are not kept. */
  async passing(offset: number, length: number): Promise<Buffer> {
    if (!Number.isSafeInteger(offset + length)) return Buffer.alloc(0);
    const read = await readAt(this.#source, offset, length);
    return Buffer.from(read.buffer, read.byteOffset, read.byteLength);
  }

  /** All of that range. @throws {Fault} ELF_MALFORMED when the file ends before; `what` names it. */
  async exactly(offset: number, length: number, what: string): Promise<Buffer> {
    const bytes = await this.upTo(offset, length);
    return bytes.length === length ? bytes : malformed(`ends inside ${what}`);
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

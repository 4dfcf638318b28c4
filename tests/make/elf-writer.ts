export interface Layout {
  readonly class: 32 | 64;
  readonly littleEndian: boolean;
}

/** Numbers one after the other in a file's class and byte order. */
export class Writer {
  readonly #layout: Layout;
  #room = Buffer.alloc(256);
  size = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  raw(bytes: Uint8Array): this {
    this.#makeRoom(bytes.length);
    this.#room.set(bytes, this.size);
    this.size += bytes.length;
    return this;
  }

  u16(value: number): this {
    this.#makeRoom(2);
    if (this.#layout.littleEndian) this.#room.writeUInt16LE(value, this.size);
    else this.#room.writeUInt16BE(value, this.size);
    this.size += 2;
    return this;
  }

  u32(value: number): this {
    this.#makeRoom(4);
    if (this.#layout.littleEndian) this.#room.writeUInt32LE(value, this.size);
    else this.#room.writeUInt32BE(value, this.size);
    this.size += 4;
    return this;
  }

  /** An address or size. */
  word(value: number | bigint): this {
    if (this.#layout.class === 32) return this.u32(Number(value));
    this.#makeRoom(8);
    if (this.#layout.littleEndian) this.#room.writeBigUInt64LE(BigInt(value), this.size);
    else this.#room.writeBigUInt64BE(BigInt(value), this.size);
    this.size += 8;
    return this;
  }

  bytes(): Buffer {
    return Buffer.from(this.#room.subarray(0, this.size));
  }

  #makeRoom(more: number): void {
    if (this.size + more <= this.#room.length) return;
    const room = Buffer.alloc((this.size + more) * 2);
    room.set(this.#room);
    this.#room = room;
  }
}

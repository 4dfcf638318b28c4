export interface Layout {
  readonly class: 32 | 64;
  readonly littleEndian: boolean;
}

/** Numbers one after the other in a file's class and byte order. */
export class Writer {
  readonly #layout: Layout;
  readonly #parts: Uint8Array[] = [];
  size = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.size += bytes.length;
    return this;
  }

  u16(value: number): this {
    return this.#number(value, 2);
  }

  u32(value: number): this {
    return this.#number(value, 4);
  }

  /** An address or size. */
  word(value: number | bigint): this {
    return this.#number(value, this.#layout.class / 8);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #number(value: number | bigint, size: number): this {
    const bytes = Buffer.alloc(size);
    let rest = BigInt(value);
    for (let at = 0; at < size; at++) {
      bytes[this.#layout.littleEndian ? at : size - 1 - at] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return this.raw(bytes);
  }
}
